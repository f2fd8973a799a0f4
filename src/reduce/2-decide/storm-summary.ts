import type { Alert } from '../../alerts/alert.ts';
import type { CompiledRule } from '../../rules/compiled.ts';
import type { StormState } from '../state.ts';
import { alertId } from './alert-id.ts';
import { iso, ruleOf } from './alert-parts.ts';
import { STORM_SECONDS } from './episodes.ts';

/**
 * One message for all that a storm folded since the last one.
 * @param bucket start of its five minutes
 * @param shard each has its own storms, and so its own summaries
 */
export function stormSummary(
  stage: string,
  rule: CompiledRule,
  bucket: number,
  storm: StormState,
  detectedAt: number,
  shard: number,
): Alert {
  const folded = storm.folded - storm.told;
  const rest = folded - storm.groups.length;
  const named = storm.groups.map(([, message]) => message).join('; ');
  return {
    version: 1,
    type: 'summary',
    stage,
    id: alertId(rule.id, shard === 0 ? 'storm' : `storm#${shard}`, bucket),
    seq: storm.summaries,
    status: 'firing',
    rule: ruleOf(rule),
    group: {},
    window: { start: iso(bucket), end: iso(bucket + STORM_SECONDS) },
    firstSeen: iso(bucket),
    lastSeen: iso(bucket + STORM_SECONDS),
    detectedAt: iso(detectedAt),
    value: folded,
    threshold: rule.storm,
    measure: 'alerts',
    suppressed: folded,
    message: `${rule.title}: ${folded} more alerts in 5 minutes were folded into this one: ${named}${rest > 0 ? ` and ${rest} more` : ''}`,
    evidence: { records: 0, bytes: 0, packets: 0, samples: [], top: {} },
    sources: [],
    visibility: { skipped: 0, malformed: 0, lagSeconds: 0, covered: true },
    links: {},
    context: {},
    to: rule.to,
  };
}
