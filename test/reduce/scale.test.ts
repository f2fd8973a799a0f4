import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { DEFAULT_ENGINE_SETTINGS } from '../../src/config/snapshot.ts';
import type { BatchDigest, GroupDigest } from '../../src/log/digest.ts';
import { compileRuleSet } from '../../src/map/4-match/rule-set.ts';
import { DEFAULT_LAYOUT } from '../../src/records/layout.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/reduce/3-checkpoint/checkpoint.ts';
import { Reducer } from '../../src/reduce/reducer.ts';
import { aFlow, aTick, lineOf, NOON, SOURCE } from './flows.ts';
import { aCount, aRule, aSnapshot } from './rules.ts';

const GROUPS = 1_000_000;
const BATCH = 500;
/** Less than window and lateness: nothing is forgotten for its age. */
const MINUTES = 30;
const HEAVY = '203.0.113.9';
const MAX_GROUPS = DEFAULT_ENGINE_SETTINGS.maxGroups;

const rules = [aRule({ id: 'every' }), aCount(1_500, 300, { id: 'count' })];
const set = compileRuleSet(aSnapshot(rules));

const stranger = (i: number) => `${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.1`;

/** What map makes of some strangers, and of one that makes a hundredth of the records. */
function digestOf(from: number, to: number, start: number): BatchDigest {
  const groupOf = (srcaddr: string, records: number): GroupDigest => ({
    slot: start,
    values: [srcaddr],
    records,
    bytes: 840 * records,
    packets: 10 * records,
    sum: 0,
    first: start,
    last: start,
    samples: [{ format: DEFAULT_LAYOUT.format, line: lineOf(aFlow(start, { srcaddr })) }],
    top: {},
    part: [],
  });
  const groups = Array.from({ length: to - from }, (_, i) => groupOf(stranger(from + i), 1));
  groups.splice(groups.length / 2, 0, groupOf(HEAVY, (to - from) / 100));
  const digest = { records: (to - from) * 1.01, sum: 0, dropped: 0, groups, answers: [] };
  return {
    kind: 'batch',
    source: SOURCE,
    latest: start,
    earliest: start,
    longest: 59,
    skipped: [],
    rules: set.rules.map(({ rule, memory }) => ({ rule: rule.id, memory, ...digest })),
  };
}

describe('a flood of a million groups', () => {
  const reducer = new Reducer(set, { stage: 'test' });
  const notified: Alert[] = [];
  let dropped = 0;
  let mostGroups = 0;

  const take = () => {
    for (const { reason, alert } of reducer.takeDecisions()) {
      if (reason === 'notified') notified.push(alert);
    }
  };

  beforeAll(() => {
    const perMinute = Math.ceil(GROUPS / MINUTES / BATCH) * BATCH;
    for (let from = 0; from < GROUPS; from += BATCH) {
      const start = NOON + Math.floor(from / perMinute) * 60;
      const at = (start + 60) * 1_000;
      reducer.apply({ key: String(from), at, digest: digestOf(from, from + BATCH, start) });
      take();
      reducer.apply(aTick(at));
      take();
      for (const { groups } of reducer.state.rules.values()) {
        mostGroups = Math.max(mostGroups, groups.size);
      }
    }
    const points = [
      ...reducer.state.metrics.values(),
      ...reducer.state.metricsOutbox.flatMap(({ item }) => item),
    ];
    for (const { name, value } of points) if (name === 'GroupsDropped') dropped += value;
  });

  test('is remembered within the bound of each minute', () => {
    expect(mostGroups).toBeGreaterThan(0);
    expect(mostGroups).toBeLessThanOrEqual(MINUTES * MAX_GROUPS * 2);
  });

  test('adds up: what is not remembered is counted as dropped', () => {
    const remembered = [...reducer.state.rules.values()].map(({ groups }) => groups.size);
    expect(remembered.reduce((sum, size) => sum + size, 0) + dropped).toBe(2 * (GROUPS + 1));
  });

  test('sends no more than the storm limit allows, and one summary for the rest', () => {
    const every = notified.filter(({ rule, type }) => rule.id === 'every' && type === 'alert');
    const summaries = notified.filter(({ type }) => type === 'summary');
    expect(every).toHaveLength((MINUTES / 5) * 20);
    // The last two storms are not over by the clock.
    expect(summaries).toHaveLength(MINUTES / 5 - 2);
    expect(new Set(summaries.map(({ window }) => window.start)).size).toBe(summaries.length);
  });

  test('does not hide the one that makes a hundredth of it', () => {
    const count = notified.filter(({ rule }) => rule.id === 'count');
    expect(count.map(({ group }) => group.srcaddr)).toEqual([HEAVY]);
    const group = reducer.state.rules.get('count')?.groups.get(JSON.stringify([HEAVY]));
    const records = group?.slots.reduce((sum, slot) => sum + slot.records, 0);
    expect(records).toBe(GROUPS / 100);
  });

  test('fits a checkpoint of less than a megabyte, and goes on from it', () => {
    const body = encodeCheckpoint(reducer.state);
    expect(body.length).toBeLessThan(1_000_000);
    expect(Buffer.compare(encodeCheckpoint(decodeCheckpoint(body)), body)).toBe(0);
  });
});
