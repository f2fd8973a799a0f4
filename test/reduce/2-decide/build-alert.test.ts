import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import { Reducer } from '../../../src/reduce/reducer.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';
import { aBeat, aFlow, anEntry, type Flow, NOON, SOURCE } from '../flows.ts';
import { idOf } from '../oracle.ts';
import { aCount, aRule, aSnapshot, by } from '../rules.ts';

/** A reducer of one rule, and what it has alerted. */
function watching(rule: CompiledRule) {
  const set = compileRuleSet(aSnapshot([rule]));
  const reducer = new Reducer(set, { stage: 'prod' });
  let batches = 0;
  return {
    reducer,
    take(flows: readonly Flow[], at: number, source = SOURCE): Alert[] {
      const name = String(batches++);
      reducer.apply(anEntry(set, flows, at * 1_000, { source, name }));
      return reducer.takeDecisions().map(({ alert }) => alert);
    },
  };
}

const many = (count: number, start: number, given: Partial<Flow> = {}): Flow[] =>
  Array.from({ length: count }, (_, i) => aFlow(start + i, given));

describe('an alert', () => {
  test('has every field of the JSON form', () => {
    const rule = aCount(2, 300, {
      id: 'logins',
      title: 'Many logins',
      tags: ['attack.t1110'],
      references: ['https://example.com/r'],
      runbook: 'https://example.com/book',
      by: by('srcaddr', 'dstport'),
      message: '{srcaddr} reached {dstaddr}:{dstport} {count} times',
      to: ['default', 'night'],
    });
    const { take } = watching(rule);
    const [alert] = take(many(3, NOON + 70, { dstport: 22 }), NOON + 180);
    expect(alert).toEqual({
      version: 1,
      type: 'alert',
      stage: 'prod',
      id: idOf('logins', '["198.51.100.7",22]', NOON + 60),
      seq: 0,
      status: 'firing',
      rule: {
        id: 'logins',
        title: 'Many logins',
        severity: 'high',
        tags: ['attack.t1110'],
        runbook: 'https://example.com/book',
        references: ['https://example.com/r'],
      },
      group: { srcaddr: '198.51.100.7', dstport: 22 },
      window: { start: '2026-11-23T11:57:00Z', end: '2026-11-23T12:02:00Z' },
      firstSeen: '2026-11-23T12:01:10Z',
      lastSeen: '2026-11-23T12:01:12Z',
      detectedAt: '2026-11-23T12:03:00Z',
      value: 3,
      threshold: 2,
      measure: 'records',
      suppressed: 0,
      message: '198.51.100.7 reached 10.0.0.5:22 3 times',
      evidence: {
        records: 3,
        bytes: 2_520,
        packets: 30,
        samples: expect.any(Array),
        top: { dstaddr: [['10.0.0.5', 3]] },
        series: { start: '2026-11-23T11:57:00Z', slot: 60, values: [0, 0, 0, 0, 3] },
      },
      sources: [
        { account: '123456789012', region: 'eu-west-1', logGroup: '/vpc/main', records: 3 },
      ],
      visibility: { skipped: 0, malformed: 0, lagSeconds: 108, covered: true },
      links: expect.objectContaining({ insights: expect.stringContaining('region=eu-west-1') }),
      context: {},
      to: ['default', 'night'],
    });
    expect(alert.evidence.samples).toHaveLength(3);
    expect(alert.evidence.samples[0]).toMatchObject({
      srcaddr: '198.51.100.7',
      dstport: 22,
      start: NOON + 70,
      action: 'ACCEPT',
    });
  });

  test('leaves out what a group or rule does not have', () => {
    const { take } = watching(aRule({ by: by('srcaddr', 'dstport?') }));
    const [alert] = take([aFlow(NOON, { dstport: null })], NOON + 60);
    expect(alert.group).toEqual({ srcaddr: '198.51.100.7' });
    expect(alert.rule).not.toHaveProperty('runbook');
    expect(alert.id).toBe(idOf('rule', '["198.51.100.7",null]', NOON));
  });

  test('spans the window that fired, slot by slot', () => {
    const hour = aCount(1, 3_600, { by: by() });
    const { take } = watching(hour);
    const [alert] = take([aFlow(NOON + 10), aFlow(NOON + 250)], NOON + 400);
    // Fifteen slots of four minutes; the second of the flows lies in 12:04.
    expect(alert.window).toEqual({ start: '2026-11-23T11:08:00Z', end: '2026-11-23T12:08:00Z' });
    expect(alert.group).toEqual({});
    expect([alert.firstSeen, alert.lastSeen]).toEqual([
      '2026-11-23T12:00:10Z',
      '2026-11-23T12:04:10Z',
    ]);
  });

  test('takes its evidence from all slots of the window, and from no other', () => {
    const { take } = watching(aCount(5, 120, { by: by() }));
    take(many(2, NOON), NOON + 60);
    take(many(2, NOON + 120), NOON + 180);
    const [alert] = take(many(4, NOON + 180, { bytes: 100 }), NOON + 240);
    expect(alert.evidence).toMatchObject({ records: 6, bytes: 2_080, packets: 60 });
    expect(alert.value).toBe(6);
  });

  test('has the course of its records, slot by slot; one without a record is 0', () => {
    const { take } = watching(aCount(5, 300, { by: by() }));
    take([...many(2, NOON + 60), ...many(3, NOON + 180)], NOON + 240);
    const [alert] = take(many(1, NOON + 240), NOON + 300);
    expect(alert.evidence.series).toEqual({
      start: '2026-11-23T12:00:00Z',
      slot: 60,
      values: [0, 2, 0, 3, 1],
    });
    const [lone] = watching(aRule()).take(many(2, NOON), NOON + 60);
    expect(lone.evidence.series).toEqual({
      start: '2026-11-23T12:00:00Z',
      slot: 60,
      values: [2],
    });
  });

  test('shows the value of a sum with its field, and its threshold', () => {
    const { take } = watching(
      aRule({ detect: { kind: 'sum', field: 'bytes', above: 1_000 }, window: 300 }),
    );
    const [alert] = take(many(2, NOON), NOON + 60);
    expect(alert).toMatchObject({ value: 1_680, threshold: 1_000, measure: 'bytes' });
  });

  test('names the five busiest of each field that the group does not have', () => {
    const { take } = watching(aCount(20, 300, { by: by('srcaddr') }));
    const flows = [22, 80, 443, 8_080, 53, 25, 110].flatMap((dstport, i) =>
      many(7 - i, NOON, { dstport }),
    );
    const [alert] = take(flows, NOON + 60);
    expect(alert.evidence.top).not.toHaveProperty('srcaddr');
    const ports = alert.evidence.top.dstport;
    expect(ports).toHaveLength(5);
    expect(ports.slice(0, 3)).toEqual([
      ['22', 7],
      ['80', 6],
      ['443', 5],
    ]);
  });

  test('counts the top values of lone records from their samples', () => {
    const { take } = watching(aCount(1, 300));
    take([aFlow(NOON, { dstport: 22 })], NOON + 60);
    const [alert] = take([aFlow(NOON + 60, { dstport: 22 })], NOON + 120);
    expect(alert.evidence.top.dstport).toEqual([['22', 2]]);
  });

  test('names the five sources with most records, the busiest first', () => {
    const { take } = watching(aCount(20, 300, { by: by() }));
    let alerts: Alert[] = [];
    for (let i = 1; i <= 6; i++) {
      alerts = take(many(i, NOON), NOON + 60, { ...SOURCE, name: `/vpc/${i}` });
    }
    expect(alerts[0].evidence.records).toBe(21);
    expect(alerts[0].sources.map(({ logGroup, records }) => [logGroup, records])).toEqual([
      ['/vpc/6', 6],
      ['/vpc/5', 5],
      ['/vpc/4', 4],
      ['/vpc/3', 3],
      ['/vpc/2', 2],
    ]);
  });

  test('names a file or bucket as what it is', () => {
    const { take } = watching(aRule());
    const [alert] = take([aFlow(NOON)], NOON + 60, { kind: 'file', name: 'day.log' } as never);
    expect(alert.sources).toEqual([{ file: 'day.log', records: 1 }]);
  });

  test('of the synthetic rule is a test', () => {
    const { take } = watching(aRule({ id: 'test-alert' }));
    expect(take([aFlow(NOON)], NOON + 60)[0].type).toBe('test');
  });
});

describe('visibility', () => {
  test('is the share of lost and unreadable lines of the last 15 minutes', () => {
    const { reducer, take } = watching(aRule());
    const minutes = [
      [NOON - 900, 1_000, 900],
      [NOON - 840, 50, 0],
      [NOON, 44, 4],
    ] as const;
    reducer.apply(aBeat(NOON * 1_000, { malformed: 6, latest: NOON, minutes }));
    const [alert] = take([aFlow(NOON)], NOON + 60);
    expect(alert.visibility).toMatchObject({ skipped: 0.04, malformed: 0.06 });
  });

  test('of another source does not count', () => {
    const { reducer, take } = watching(aRule());
    const source = { ...SOURCE, name: '/vpc/other' };
    const minutes = [[NOON, 94, 4]] as const;
    reducer.apply(aBeat(NOON * 1_000, { source, malformed: 6, minutes }));
    expect(take([aFlow(NOON)], NOON + 60)[0].visibility).toMatchObject({
      skipped: 0,
      malformed: 0,
    });
  });

  test('a source that was heard of a quarter of an hour ago covers the window; longer ago it does not', () => {
    const quiet = { ...SOURCE, name: '/vpc/quiet' };
    const covered = (silent: number) => {
      const { take } = watching(aCount(1, 1_800, { by: by() }));
      take([aFlow(NOON)], NOON + 60, quiet);
      return take([aFlow(NOON + 60)], NOON + 60 + silent)[0].visibility.covered;
    };
    expect(covered(900)).toBe(true);
    expect(covered(901)).toBe(false);
  });

  test('a source’s first batch covers its own window', () => {
    const { take } = watching(aRule());
    expect(take([aFlow(NOON)], NOON + 60)[0].visibility.covered).toBe(true);
  });
});
