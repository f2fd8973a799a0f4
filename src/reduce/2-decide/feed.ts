/** Firings of one rule are steps of others: they go into the sequences that wait for them. */
import type { Carried } from '../../detect/kind.ts';
import { stepsOf } from '../../detect/parts.ts';
import type { GroupDigest } from '../../log/digest.ts';
import type { MatchedRule, RuleSet } from '../../map/4-match/rule-set.ts';
import { groupKey } from '../1-merge/group-memory.ts';
import type { RuleState } from '../state.ts';
import type { Firing } from './firing.ts';

/** One step of a sequence that a rule's firings take. */
export interface Feed {
  readonly sequence: MatchedRule;
  readonly step: number;
  /** For each field of the sequence's `by` its place in the rule's. */
  readonly places: readonly number[];
}

/** Sequences by the rules that feed them. */
export function feedsOf({ rules }: RuleSet): ReadonlyMap<string, readonly Feed[]> {
  const byId = new Map(rules.map((matched) => [matched.rule.id, matched]));
  const feeds = new Map<string, Feed[]>();
  for (const sequence of rules) {
    const { detect, by } = sequence.rule;
    if (detect.kind !== 'sequence') continue;
    for (const [step, one] of detect.steps.entries()) {
      const feeding = 'rule' in one ? byId.get(one.rule) : undefined;
      if (!feeding) continue;
      const names = feeding.rule.by.map(({ field }) => field);
      const places = by.map(({ field }) => names.indexOf(field));
      const list = feeds.get(feeding.rule.id) ?? [];
      feeds.set(feeding.rule.id, [...list, { sequence, step, places }]);
    }
  }
  return feeds;
}

/** The group of the sequence that a firing counts for; undefined where it has no value for it. */
export function fedGroup(
  { sequence, places }: Feed,
  { group }: Firing,
): Firing['group']['values'] | undefined {
  if (group.names !== undefined) return undefined;
  const values = places.map((place) => (place < 0 ? null : (group.values[place] ?? null)));
  const { by } = sequence.rule;
  return values.every((value, i) => value !== null || by[i].optional) ? values : undefined;
}

/** A firing as a digest of the sequence; undefined where the slot knows it already. */
export function feedDigest(
  { sequence, step }: Feed,
  { slot, evidence }: Firing,
  values: GroupDigest['values'],
  memory: RuleState,
): GroupDigest | undefined {
  const start = Math.floor(slot / sequence.slot) * sequence.slot;
  const { steps } = sequence.carried as Extract<Carried, { what: 'steps' }>;
  const known = memory.groups.get(groupKey(values))?.slots.find((one) => one.slot === start);
  if (known && stepsOf(steps, known.part)[step].count > 0) return undefined;
  const last = evidence.at(-1);
  return {
    slot: start,
    values,
    records: 1,
    bytes: 0,
    packets: 0,
    sum: 0,
    first: last?.first ?? slot,
    last: last?.last ?? slot,
    samples: last?.samples.slice(0, 1) ?? [],
    top: {},
    part: steps.map((_, i) => (i === step ? 1 : 0)),
  };
}
