import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import type { Source } from '../../../src/ports/source.ts';
import { Reducer } from '../../../src/reduce/reducer.ts';
import { aFlow, anEntry, aTick, type Flow, NOON } from '../flows.ts';
import { aCount, aSnapshot } from '../rules.ts';

const SOURCE: Source = {
  kind: 'bucket',
  name: 'logs/AWSLogs/123456789012/vpcflowlogs/eu-west-1',
  account: '123456789012',
  region: 'eu-west-1',
};
const SLOT = 300;

/** A file holds what ended in its five minutes; with ten of aggregation it may have begun before. */
const aFile = (slot: number) =>
  fc.record({
    flows: fc.array(
      fc.integer({ min: -600, max: SLOT - 1 }).map((after) => aFlow(NOON + slot * SLOT + after)),
      { minLength: 1, maxLength: 6 },
    ),
    // When it is there: a minute after its slot, or ten.
    at: fc.integer({ min: 60, max: 600 }).map((delay) => NOON + (slot + 1) * SLOT + delay),
  });
const files = fc
  .tuple(...Array.from({ length: 9 }, (_, i) => fc.array(aFile(i), { maxLength: 3 })))
  .map((slots) => slots.flat().sort((a, b) => a.at - b.at));

test('files of five minutes, ten minutes late and in any order, leave no record late', () => {
  const set = compileRuleSet(aSnapshot([aCount(0, 900)]));
  fc.assert(
    fc.property(files, (all) => {
      const reducer = new Reducer(set, { stage: 'test' });
      let tick = NOON;
      for (const [i, { flows, at }] of all.entries()) {
        for (; tick <= at; tick += 60) reducer.apply(aTick(tick * 1_000));
        reducer.apply(
          anEntry(set, flows as Flow[], at * 1_000, { source: SOURCE, name: String(i) }),
        );
      }
      const metrics = [...reducer.state.metrics.values()];
      expect(metrics.filter(({ name }) => name === 'LateRecords')).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
