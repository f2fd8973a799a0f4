import type { Alert } from '../../alerts/alert.ts';
import { bareAlert } from '../../alerts/bare-alert.ts';
import { iso } from '../../alerts/iso-time.ts';
import type { CompiledRule } from '../../rules/compiled.ts';
import type { StormState } from '../state.ts';
import { alertId } from './alert-id.ts';
import { ruleOf } from './alert-parts.ts';
import { STORM_SECONDS } from './episodes.ts';
import { namedText } from './named.ts';

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
  return bareAlert({
    type: 'summary',
    stage,
    id: alertId(rule.id, shard === 0 ? 'storm' : `storm#${shard}`, bucket),
    seq: storm.summaries,
    rule: ruleOf(rule),
    window: { start: iso(bucket), end: iso(bucket + STORM_SECONDS) },
    detectedAt: iso(detectedAt),
    value: folded,
    threshold: rule.storm,
    measure: 'alerts',
    suppressed: folded,
    message: `${rule.title}: ${folded} more alerts in 5 minutes were folded into this one: ${namedText(storm.groups, folded)}`,
    to: rule.to,
  });
}
