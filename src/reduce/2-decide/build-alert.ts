/** A firing as the alert people read: evidence, sources, how far to trust it. */

import type { Alert } from '../../alerts/alert.ts';
import { iso } from '../../alerts/iso-time.ts';
import { renderMessage } from '../../alerts/message.ts';
import { recordOfLine } from '../../records/record-map.ts';
import type { Episode } from '../state.ts';
import { type AlertContext, baseOf, visibilityOf } from './alert-parts.ts';
import { seriesOf, sumOf, topOf } from './evidence.ts';
import type { Firing } from './firing.ts';

/** The alert of a firing. @param detectedAt Unix seconds */
export function buildAlert(
  context: AlertContext,
  firing: Firing,
  episode: Episode,
  detectedAt: number,
): Alert {
  const { rule } = firing.matched;
  const evidence = sumOf(firing.evidence);
  const samples = evidence.samples.map(({ format, line }) => recordOfLine(format, line));
  const { value, threshold } = firing;
  const base = baseOf(context, firing.matched, firing.group, episode, firing, evidence.sources);
  const message = renderMessage({
    rule,
    group: base.group,
    ...(samples[0] ? { sample: samples[0] } : {}),
    value,
    threshold,
    count: evidence.records,
  });
  const some = evidence.records > 0 || evidence.last > 0;
  return {
    ...base,
    firstSeen: iso(some ? evidence.first : firing.start),
    lastSeen: iso(some ? evidence.last : firing.end),
    detectedAt: iso(detectedAt),
    status: 'firing',
    value,
    threshold,
    message,
    evidence: {
      records: evidence.records,
      bytes: evidence.bytes,
      packets: evidence.packets,
      samples,
      top: topOf(rule, evidence.top),
      ...seriesOf(firing),
    },
    visibility: visibilityOf(context.state, firing, evidence.sources, evidence.last, detectedAt),
  };
}
