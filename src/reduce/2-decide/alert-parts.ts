/** Parts of an alert that firings, later messages and silences have in common. */
import type { Alert, AlertSource, RecordMap } from '../../alerts/alert.ts';
import { iso } from '../../alerts/iso-time.ts';
import { alertLinks } from '../../alerts/links.ts';
import { measureOfRule } from '../../alerts/measure.ts';
import { formatsFor } from '../../config/glob.ts';
import { TEST_ALERT_RULE } from '../../config/system-rules.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import type { CompiledRule } from '../../rules/compiled.ts';
import { groupKey } from '../1-merge/group-memory.ts';
import { linesBetween } from '../1-merge/source-minutes.ts';
import type { Episode, GroupState, ShardState, SlotState } from '../state.ts';
import { alertId } from './alert-id.ts';
import type { Surroundings } from './view.ts';

/** Sources and values of a field that an alert names. */
export const MOST_NAMED = 5;
/** A source tells how much it lost once a minute, after the records: older minutes count too; seconds. */
const VISIBLE_FOR = 900;
/** A source that has not been heard of for this long does not cover the alert's window; seconds. */
const COVERED_WITHIN = 900;

export interface AlertContext extends Surroundings {
  readonly stage: string;
}

/** The group as field names and values, absent ones left out. */
export function groupMapOf(rule: CompiledRule, group: GroupState): RecordMap {
  const names = group.names ?? rule.by.map(({ field }) => field);
  return Object.fromEntries(
    names.flatMap((name, i) => {
      const value = group.values[i];
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );
}

/**
 * Those of the evidence; an alert of a source itself names that one.
 * @param most sources that are named
 */
export function sourcesOf(
  state: ShardState,
  group: GroupState,
  counts: SlotState['sources'],
  most: number,
): AlertSource[] {
  const all = group.names === undefined ? counts : [[group.kept[0], 0] as const];
  return all.slice(0, most).flatMap(([number, records]) => {
    const source = state.sources[number]?.source;
    if (!source) return [];
    const { kind, name, account, region } = source;
    const where = { ...(account ? { account } : {}), ...(region ? { region } : {}) };
    return [{ ...where, [kind]: name, records }];
  });
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What every message about an episode has. */
export function baseOf(
  { state, snapshot, stage }: AlertContext,
  { rule }: MatchedRule,
  group: GroupState,
  episode: Episode,
  { start, end }: Span,
  counts: SlotState['sources'],
) {
  const groupMap = groupMapOf(rule, group);
  const sources = sourcesOf(state, group, counts, MOST_NAMED);
  const window = { start: iso(start), end: iso(end) };
  const firstGroup = sources.find((source) => source.logGroup)?.logGroup;
  const formats = firstGroup && formatsFor(snapshot.formats, firstGroup);
  return {
    version: 1,
    type: rule.id === TEST_ALERT_RULE.id ? 'test' : 'alert',
    stage,
    id: alertId(rule.id, groupKey(group.values), episode.start),
    seq: Math.max(0, episode.seq - 1),
    rule: ruleOf(rule),
    group: groupMap,
    window,
    measure: measureOfRule(rule),
    suppressed: episode.suppressed,
    sources,
    links: alertLinks({ window, group: groupMap, sources, ...(formats ? { formats } : {}) }),
    context: {},
    to: rule.to,
  } as const;
}

export function ruleOf(rule: CompiledRule): Alert['rule'] {
  const { id, title, severity, tags, references, runbook } = rule;
  return { id, title, severity, tags, references, ...(runbook ? { runbook } : {}) };
}

/** How far to trust what the sources have told of a span. */
export function visibilityOf(
  state: ShardState,
  { start, end }: Span,
  counts: SlotState['sources'],
  last: number,
  detectedAt: number,
): Alert['visibility'] {
  let lines = 0;
  let malformed = 0;
  let skipped = 0;
  let covered = true;
  for (const [number] of counts) {
    const source = state.sources[number];
    if (!source) continue;
    const totals = linesBetween(source, Math.min(start, end - VISIBLE_FOR), end);
    lines += totals.lines + totals.malformed;
    malformed += totals.malformed;
    skipped += totals.skipped;
    if (detectedAt - source.arrival > COVERED_WITHIN) covered = false;
  }
  const share = (part: number) => (lines === 0 ? 0 : Math.round((part / lines) * 10_000) / 10_000);
  const lagSeconds = last === 0 ? 0 : Math.max(0, Math.round(detectedAt - last));
  return { skipped: share(skipped), malformed: share(malformed), lagSeconds, covered };
}
