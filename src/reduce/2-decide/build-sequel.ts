/** A later message about an alert that was told: it goes on, or it is over. */

import type { Alert, RecordMap } from '../../alerts/alert.ts';
import { iso } from '../../alerts/iso-time.ts';
import { renderMessage } from '../../alerts/message.ts';
import { recordOfLine } from '../../records/record-map.ts';
import type { CompiledRule } from '../../rules/compiled.ts';
import type { Told } from '../state.ts';
import { type AlertContext, baseOf, visibilityOf } from './alert-parts.ts';
import { topOf } from './evidence.ts';
import type { Sequel } from './quiet.ts';
import { type Evidence, evidenceUntil } from './since-told.ts';

/** @param detectedAt Unix seconds */
export function buildSequel(context: AlertContext, sequel: Sequel, detectedAt: number): Alert {
  const { matched, group, episode, status, slot } = sequel;
  const told = episode.told ?? NOTHING_TOLD;
  const news = status === 'updated' && episode.since && evidenceUntil(episode.since, slot);
  const span = { start: news ? news.start : episode.first, end: slot };
  const sources = news && news.records > 0 ? news.sources : told.sources;
  const last = Math.max(told.last, news ? news.last : 0);
  const base = baseOf(context, matched, group, episode, span, sources);
  return {
    ...base,
    firstSeen: iso(told.first),
    lastSeen: iso(Math.max(last, episode.last)),
    detectedAt: iso(detectedAt),
    status,
    threshold: told.threshold,
    ...(news
      ? sinceThen(matched.rule, base.group, told, news, episode.since?.value)
      : { value: told.value, message: told.message, evidence: NO_EVIDENCE }),
    visibility: visibilityOf(context.state, span, sources, last, detectedAt),
  };
}

const NO_EVIDENCE: Alert['evidence'] = { records: 0, bytes: 0, packets: 0, samples: [], top: {} };

/** What an update has of its own: records since the last message, and the value that fired last. */
function sinceThen(
  rule: CompiledRule,
  group: RecordMap,
  { message, threshold, value: former }: Told,
  { records, bytes, packets, samples: lines, top, series }: Evidence,
  value: number = former,
): Pick<Alert, 'value' | 'message' | 'evidence'> {
  const samples = lines.map(({ format, line }) => recordOfLine(format, line));
  const [sample] = samples;
  return {
    value,
    message: sample
      ? renderMessage({ rule, group, sample, value, threshold, count: records })
      : message,
    evidence: { records, bytes, packets, samples, top: topOf(rule, top), series },
  };
}

const NOTHING_TOLD: Told = { message: '', value: 0, threshold: 0, first: 0, last: 0, sources: [] };
