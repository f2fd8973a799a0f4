import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledSilence } from '../../src/config/snapshot.ts';
import { compileRuleSet } from '../../src/map/4-match/rule-set.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/reduce/3-checkpoint/checkpoint.ts';
import { Reducer } from '../../src/reduce/reducer.ts';
import { newState } from '../../src/reduce/state.ts';
import { type CompiledRule, SEVERITIES } from '../../src/rules/compiled.ts';
import { decoded, type Flow, NOON } from './flows.ts';
import { toldOf } from './held-oracle.ts';
import { aRule, aSnapshot, by } from './rules.ts';
import { cut, inOrder, logOf, someFlows, someLengths } from './traffic.ts';

const SETTLE = 300;

/** Three rules that fire often, of any severity; most of them hold others back. */
const joinedRules: fc.Arbitrary<CompiledRule[]> = fc
  .array(
    fc.record({
      above: fc.constantFrom(undefined, 0, 1),
      window: fc.constantFrom(120, 300, 1_000, 3_600),
      cooldown: fc.constantFrom(0, 60, 600),
      by: fc.constantFrom(by('srcaddr'), by('srcaddr', 'dstport'), by('srcaddr', 'dstport?')),
      severity: fc.constantFrom(...SEVERITIES),
      named: fc.constantFrom(undefined, ['rule-0'], ['rule-1', 'rule-2']),
      fields: fc.constantFrom(0, 1, 1, 2),
    }),
    { minLength: 3, maxLength: 3 },
  )
  .map((list) =>
    list.map(({ above, window, named, fields, ...rest }, i) => {
      const equal = rest.by.slice(0, fields).map(({ field }) => field);
      return aRule({
        id: `rule-${i}`,
        storm: 10_000,
        ...rest,
        ...(above === undefined ? {} : { detect: { kind: 'count', above }, window }),
        ...(equal.length > 0 && { inhibits: { ...(named && { rules: named }), equal } }),
      });
    }),
  );

const someSilences: fc.Arbitrary<CompiledSilence[]> = fc
  .array(
    fc.record({
      match: fc.constantFrom<CompiledSilence['match']>(
        { rule: ['rule-0'] },
        { srcaddr: ['198.51.100.1'] },
        { rule: ['rule-1', 'rule-2'], dstport: ['22'] },
      ),
      from: fc.nat(9_000).map((offset) => NOON + offset),
      length: fc.nat(5_000),
    }),
    { maxLength: 2 },
  )
  .map((list) =>
    list.map(({ match, from, length }, i) => ({
      id: `s${i}`,
      match,
      from,
      until: from + length,
      reason: '',
    })),
  );

/** What is told, in the order of slots, with all memory lost after each of some entries. */
function sent(
  rules: readonly CompiledRule[],
  silences: readonly CompiledSilence[],
  flows: readonly Flow[],
  lengths: readonly number[],
  shards: number,
  restarts: readonly number[],
): string[] {
  const set = compileRuleSet({ ...aSnapshot(rules), silences });
  const states = Array.from({ length: shards }, () => newState());
  const told = logOf(set, cut(inOrder(flows), lengths), shards).flatMap((entry, i) => {
    const { shard } = entry;
    const reducer = new Reducer(set, { stage: 'test', shard }, states[shard]);
    reducer.apply(decoded(entry));
    if (restarts.includes(i)) states[shard] = decodeCheckpoint(encodeCheckpoint(reducer.state));
    return reducer.takeDecisions().filter(({ reason }) => reason === 'notified');
  });
  return told
    .sort((a, b) => a.slot - b.slot)
    .map(({ alert, slot }) => {
      const by = set.rules.find(({ rule }) => rule.id === alert.rule.id)?.rule.by ?? [];
      const group = JSON.stringify(by.map(({ field }) => alert.group[field] ?? null));
      return `${alert.rule.id} ${group} ${slot} ${alert.id}`;
    })
    .sort();
}

const REJECTED = {
  field: 'action',
  test: { in: { strings: ['REJECT'] } },
  path: 'match.action',
} as const;

describe('for input in order, with silences and rules that inhibit others', () => {
  const how = fc.record({
    lengths: someLengths,
    shards: fc.integer({ min: 1, max: 3 }),
    restarts: fc.array(fc.nat(20), { maxLength: 4 }),
  });

  test('the notifications follow from the records, for every batching, number of shards and loss of memory', () => {
    const flows = someFlows(9_000, 60);
    let held = 0;
    fc.assert(
      fc.property(joinedRules, someSilences, flows, how, (rules, silences, records, way) => {
        const expected = toldOf(rules, silences, records, SETTLE).sort();
        const { lengths, shards, restarts } = way;
        expect(sent(rules, silences, records, lengths, shards, restarts)).toEqual(expected);
        const all = rules.map(({ inhibits: _, ...rule }) => rule);
        if (toldOf(all, [], records, SETTLE).length > expected.length) held++;
      }),
      { numRuns: 80 },
    );
    // Else it would prove nothing.
    expect(held).toBeGreaterThan(8);
  });

  test('what settles before it is judged is held back the same for every batching', () => {
    const ratio = aRule({
      id: 'share',
      severity: 'info',
      detect: { kind: 'ratio', of: REJECTED, above: 0.2, min: 1 },
      match: { any: [REJECTED, { not: REJECTED }] },
      by: by('srcaddr'),
      window: 300,
      cooldown: 60,
      resolve: true,
      repeat: 300,
    });
    const inhibiting = aRule({ severity: 'high', cooldown: 60, inhibits: { equal: ['srcaddr'] } });
    const rules = [ratio, inhibiting];
    fc.assert(
      fc.property(someSilences, someFlows(9_000, 60), someLengths, (silences, records, lengths) => {
        const whole = sent(rules, silences, records, [1], 1, []);
        expect(sent(rules, silences, records, lengths, 1, [])).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });
});
