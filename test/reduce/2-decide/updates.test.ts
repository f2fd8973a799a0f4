import { describe, expect, test } from '@jest/globals';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/reduce/3-checkpoint/checkpoint.ts';
import { type Decision, Reducer } from '../../../src/reduce/reducer.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';
import { aFlow, anEntry, type Flow, NOON } from '../flows.ts';
import { aCount, aRule, aSnapshot } from '../rules.ts';

const minute = (n: number) => NOON + n * 60;
const OTHER = '192.0.2.1';

/** A reducer of one rule; what it has told, of one group alone. */
function watching(rule: CompiledRule) {
  const set = compileRuleSet(aSnapshot([rule]));
  let reducer = new Reducer(set, { stage: 'prod' });
  let batches = 0;
  return {
    restart: () => {
      const state = decodeCheckpoint(encodeCheckpoint(reducer.state));
      reducer = new Reducer(set, { stage: 'prod' }, state);
    },
    feed(...flows: readonly Flow[]): Decision[] {
      const at = (Math.max(...flows.map(({ start }) => start)) + 60) * 1_000;
      reducer.apply(anEntry(set, flows, at, { name: String(batches++) }));
      return reducer
        .takeDecisions()
        .filter(({ alert, reason }) => reason === 'notified' && alert.group.srcaddr !== OTHER);
    },
  };
}

/** Moves the clock to a minute. */
const clock = (n: number) => aFlow(minute(n), { srcaddr: OTHER, action: 'ACCEPT' });
const at = (n: number, given: Partial<Flow> = {}) => aFlow(minute(n), given);
const alerts = (decisions: readonly Decision[]) => decisions.map(({ alert }) => alert);

describe('an update', () => {
  const rule = aCount(1, 300, {
    cooldown: 3_600,
    repeat: 1_200,
    resolve: true,
    message: '{srcaddr} sent {count}, {value} in {window}',
  });

  test('has the evidence since the last message, and no other', () => {
    const { feed } = watching(rule);
    feed(at(0), at(1));
    feed(at(2, { bytes: 100, dstport: 22 }), at(9, { bytes: 100, dstport: 25 }));
    const [first] = alerts(feed(clock(27)));
    expect(first).toMatchObject({
      status: 'updated',
      seq: 1,
      window: { start: '2026-11-23T12:02:00Z', end: '2026-11-23T12:21:00Z' },
      evidence: { records: 2, bytes: 200, packets: 20 },
    });
    expect(first.evidence.samples.map(({ dstport }) => dstport)).toEqual([22, 25]);
    expect(first.evidence.top.dstport).toEqual([
      ['22', 1],
      ['25', 1],
    ]);
    expect(first.sources).toEqual([expect.objectContaining({ logGroup: '/vpc/main', records: 2 })]);
    feed(at(28));
    const [second] = alerts(feed(clock(47)));
    expect(second).toMatchObject({
      seq: 2,
      window: { start: '2026-11-23T12:21:00Z', end: '2026-11-23T12:41:00Z' },
      evidence: { records: 1, bytes: 840 },
    });
  });

  test('has their course, silent minutes included', () => {
    const { feed } = watching({ ...rule, repeat: 300 });
    feed(at(0), at(1));
    feed(at(2), at(4), at(4));
    const [update] = alerts(feed(clock(12)));
    expect(update.evidence.series).toEqual({
      start: '2026-11-23T12:02:00Z',
      slot: 60,
      values: [1, 0, 2, 0],
    });
  });

  test('has a course of at most sixty values, however long the interval', () => {
    const { feed } = watching({ ...rule, cooldown: 86_400, repeat: 14_400 });
    feed(at(0), at(1));
    for (let n = 2; n < 240; n += 7) feed(at(n));
    const [update] = alerts(feed(clock(247)));
    const series = update.evidence.series;
    expect(series?.values).toHaveLength(60);
    expect(series?.slot).toBe(240);
    expect(series?.values.reduce((sum, value) => sum + value, 0)).toBe(update.evidence.records);
  });

  test('has the value that fired last and a sentence of its own', () => {
    const { feed } = watching(rule);
    feed(at(0), at(1));
    feed(at(9), at(10), at(11));
    const [update] = alerts(feed(clock(27)));
    expect(update).toMatchObject({
      value: 3,
      message: '198.51.100.7 sent 3, 3 in 5 minutes',
    });
  });

  test('that has nothing new says so, and what was told before', () => {
    const { feed } = watching(rule);
    feed(at(0), at(1));
    const [update] = alerts(feed(clock(27)));
    expect(update).toMatchObject({
      value: 2,
      message: '198.51.100.7 sent 2, 2 in 5 minutes',
      evidence: { records: 0, samples: [], top: {} },
    });
    expect(new Set(update.evidence.series?.values)).toEqual(new Set([0]));
  });

  test('leaves what came after it was due to the next one', () => {
    const { feed } = watching(rule);
    feed(at(0), at(1));
    feed(at(5), at(25, { dstport: 22 }));
    const [first] = alerts(feed(clock(27)));
    expect(first.evidence).toMatchObject({ records: 1 });
    expect(first.evidence.samples.map(({ dstport }) => dstport)).toEqual([443]);
    const [second] = alerts(feed(clock(47)));
    expect(second.evidence).toMatchObject({ records: 1 });
    expect(second.evidence.samples.map(({ dstport }) => dstport)).toEqual([22]);
  });

  test('has what came in the batch that fired, but after it', () => {
    const { feed } = watching(rule);
    feed(at(0), at(1), at(10), at(12));
    expect(alerts(feed(clock(27)))[0].evidence.records).toBe(2);
  });

  test('of a rule without a window has every record since, in whatever batch', () => {
    const { feed } = watching(aRule({ repeat: 1_200, cooldown: 3_600 }));
    feed(at(0), at(3), at(4));
    feed(at(4), at(5));
    expect(alerts(feed(clock(27)))[0].evidence.records).toBe(4);
  });

  test('is the same from memory that was lost', () => {
    const kept = watching(rule);
    const lost = watching(rule);
    for (const { feed, restart } of [kept, lost]) {
      feed(at(0), at(1));
      if (feed === lost.feed) restart();
      feed(at(9), at(10), at(11));
    }
    lost.restart();
    expect(alerts(lost.feed(clock(27)))).toEqual(alerts(kept.feed(clock(27))));
  });
});

describe('an alert', () => {
  const rule = aCount(1, 120, { cooldown: 600, repeat: 900, resolve: true });

  test('has one id from its firing to its end, and its messages are counted', () => {
    const { feed } = watching(rule);
    const told = [at(0), at(10), at(20)].flatMap((flow) => feed(flow, flow));
    told.push(...feed(clock(30)), ...feed(clock(45)));
    const [{ id }] = alerts(told);
    expect(alerts(told).map((alert) => [alert.id === id, alert.seq, alert.status])).toEqual([
      [true, 0, 'firing'],
      [true, 1, 'updated'],
      [true, 2, 'updated'],
      [true, 3, 'resolved'],
    ]);
  });

  test('that comes and goes within its cooldown is one alert, told once', () => {
    const { feed } = watching({ ...rule, repeat: undefined } as never);
    const told = [0, 5, 10, 15, 20, 25].flatMap((n) => feed(at(n), at(n)));
    expect(alerts(told).map(({ status }) => status)).toEqual(['firing']);
    told.push(...feed(clock(45)));
    expect(alerts(told).map(({ status, seq }) => [status, seq])).toEqual([
      ['firing', 0],
      ['resolved', 1],
    ]);
  });

  test('that comes again after its end is another one', () => {
    const { feed } = watching(rule);
    const [first] = alerts(feed(at(0), at(0)));
    feed(clock(30));
    const [second] = alerts(feed(at(31), at(31)));
    expect(second).toMatchObject({ status: 'firing', seq: 0 });
    expect(second.id).not.toBe(first.id);
  });
});
