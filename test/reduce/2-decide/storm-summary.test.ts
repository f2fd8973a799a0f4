import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import { type Decision, Reducer } from '../../../src/reduce/reducer.ts';
import { aFlow, anEntry, aTick, NOON, SOURCE } from '../flows.ts';
import { idOf } from '../oracle.ts';
import { aRule, aSnapshot } from '../rules.ts';

const set = compileRuleSet(aSnapshot([aRule({ storm: 2, message: '{srcaddr} came' })]));

function reducerOf(shard = 0, maxGroups = 500): Reducer {
  return new Reducer(set, { stage: 'test', shard, maxGroups });
}

let batches = 0;

/** So many strangers in one minute after noon, from number `from` on. */
function strangers(
  reducer: Reducer,
  count: number,
  minute = 0,
  from = 0,
  source = SOURCE,
): Decision[] {
  const flows = Array.from({ length: count }, (_, i) =>
    aFlow(NOON + minute * 60, { srcaddr: `198.51.${100 + ((from + i) >> 8)}.${(from + i) & 255}` }),
  );
  const at = (NOON + minute * 60 + 60) * 1_000;
  reducer.apply(anEntry(set, flows, at, { name: String(batches++), source }));
  return reducer.takeDecisions();
}

function tick(reducer: Reducer, minute: number): Alert[] {
  reducer.apply(aTick((NOON + minute * 60) * 1_000));
  return reducer.takeDecisions().map(({ alert }) => alert);
}

const sent = (reducer: Reducer) => reducer.state.outbox.map(({ item }) => item);

describe('the summary of a storm', () => {
  test('says how many it stands for and names ten', () => {
    const reducer = reducerOf();
    const decisions = strangers(reducer, 15);
    expect(decisions.map(({ reason }) => reason).filter((one) => one === 'storm')).toHaveLength(13);
    strangers(reducer, 1, 9);
    expect(tick(reducer, 10)).toEqual([]);
    strangers(reducer, 1, 10);
    const [summary] = tick(reducer, 12);
    expect(summary).toMatchObject({
      type: 'summary',
      id: idOf('rule', 'storm', NOON),
      seq: 0,
      status: 'firing',
      window: { start: '2026-11-23T12:00:00Z', end: '2026-11-23T12:05:00Z' },
      detectedAt: '2026-11-23T12:12:00Z',
      value: 13,
      threshold: 2,
      suppressed: 13,
      to: ['default'],
    });
    expect(summary.message).toMatch(
      /^A rule: 13 more alerts in 5 minutes were folded into this one: 198\.51\.100\.10 came; .*198\.51\.100\.6 came and 3 more$/,
    );
    expect(sent(reducer).filter(({ type }) => type === 'summary')).toEqual([summary]);
    expect(tick(reducer, 13)).toEqual([]);
  });

  test('does not come where nothing was folded', () => {
    const reducer = reducerOf();
    strangers(reducer, 2);
    strangers(reducer, 1, 20);
    expect(tick(reducer, 30)).toEqual([]);
  });

  test('waits for a source that lags behind the others', () => {
    const reducer = reducerOf();
    const slow = { ...SOURCE, name: '/vpc/slow' };
    const at = (minute: number) => (NOON + minute * 60) * 1_000;
    const late = (count: number, minute: number, from: number) => {
      const flows = Array.from({ length: count }, (_, i) =>
        aFlow(NOON, { srcaddr: `198.51.100.${from + i}` }),
      );
      reducer.apply(anEntry(set, flows, at(minute), { source: slow, name: String(batches++) }));
      reducer.takeDecisions();
    };
    strangers(reducer, 1, 14, 200);
    late(5, 15, 0);
    expect(tick(reducer, 16)).toEqual([]);
    late(5, 16, 5);
    const summaries = [18, 19, 20, 21, 22].flatMap((minute) => tick(reducer, minute));
    expect(summaries.map(({ value }) => value)).toEqual([8]);
    expect(sent(reducer).filter(({ type }) => type === 'alert')).toHaveLength(3);
  });

  test('is followed by another where more was folded after it, and nothing gets through between', () => {
    const reducer = reducerOf();
    strangers(reducer, 5);
    strangers(reducer, 1, 11, 100);
    const [first] = tick(reducer, 13);
    const flows = [50, 51].map((n) => aFlow(NOON, { srcaddr: `198.51.100.${n}` }));
    reducer.apply(anEntry(set, flows, (NOON + 14 * 60) * 1_000));
    expect(reducer.takeDecisions().map(({ reason }) => reason)).toEqual(['storm', 'storm']);
    const [second] = [19, 20].flatMap((minute) => tick(reducer, minute));
    expect([first.value, first.seq, second.value, second.seq]).toEqual([3, 0, 2, 1]);
    expect(second.id).toBe(first.id);
    expect(second.message).toContain('198.51.100.50 came; 198.51.100.51 came');
    expect(second.message).not.toContain('198.51.100.2 came');
  });

  test('of another shard has another id', () => {
    const [one, other] = [0, 1].map((shard) => {
      const reducer = reducerOf(shard);
      strangers(reducer, 5);
      strangers(reducer, 1, 11, 100);
      return tick(reducer, 13)[0];
    });
    expect(one.id).not.toBe(other.id);
  });

  test('comes at the end of a replay, whatever the clock', () => {
    const reducer = reducerOf();
    strangers(reducer, 5);
    reducer.finish();
    const [{ alert }] = reducer.takeDecisions();
    expect(alert).toMatchObject({ type: 'summary', value: 3, detectedAt: '2026-11-23T12:05:00Z' });
  });

  test('counts those that were too many to be described', () => {
    const reducer = reducerOf(0, 20);
    const described = strangers(reducer, 40).filter(({ reason }) => reason === 'storm');
    expect(described).toHaveLength(20);
    reducer.finish();
    expect(reducer.takeDecisions()[0].alert.value).toBe(38);
  });
});
