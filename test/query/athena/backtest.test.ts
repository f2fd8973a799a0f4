import { beforeAll, describe, expect, test } from '@jest/globals';
import type { QueryEngine } from '../../../src/ports/query-engine.ts';
import { planBacktest, runBacktest } from '../../../src/query/athena/backtest.ts';
import { leadOf } from '../../../src/query/athena/lead.ts';
import { priceOfQuery } from '../../../src/query/athena/price.ts';
import { ReplayEngine } from '../../../src/replay/engine.ts';
import { batchOf } from '../../reduce/kinds/delivery.ts';
import { aLine, FILE, FORMAT, NOON, textOf } from '../../reduce/kinds/record.ts';
import { ruleOf } from '../../reduce/kinds/rule.ts';
import { aSnapshot, by } from '../../reduce/rules.ts';
import { FlowTable } from './duckdb.ts';

let table: FlowTable;

beforeAll(async () => {
  table = await FlowTable.open();
});

const engine: QueryEngine = {
  estimate: async () => undefined,
  run: async (sql) => {
    const rows = await table.rows(sql);
    const columns = Object.keys(rows[0] ?? {});
    return {
      columns,
      rows: rows.map((row) => columns.map((name) => String(row[name]))),
      scanned: 1,
    };
  },
};

const { signal: stop } = new AbortController();

describe('a backtest', () => {
  const rule = ruleOf(
    { kind: 'count', above: 2 },
    { window: 120, by: by('srcaddr', 'dstport?'), title: 'Many' },
  );
  const snapshot = aSnapshot([rule]);
  const lines = [0, 10, 20, 4_000, 4_010, 4_020].map((at) => aLine(NOON + at));
  const run = async (from?: number) => {
    await table.fill(FORMAT, lines.map(textOf));
    const span = from === undefined ? {} : { from };
    const plan = planBacktest(rule, snapshot, { table: 'flow_logs', format: FORMAT, ...span });
    return runBacktest(plan, rule, snapshot, { engine, stage: 'replay', stop, ...span });
  };

  test('prints what a replay of the same records prints, but for the evidence', async () => {
    const { alerts, firings, scanned } = await run();
    const replay = new ReplayEngine(snapshot);
    replay.feed(batchOf(lines, '0', { kind: 'file', name: FILE }));
    const wanted = [...replay.take(), ...replay.finish()].filter(
      ({ status }) => status === 'firing',
    );
    const told = (list: typeof alerts) =>
      list.map(({ id, rule: { id: name }, group, window, value, threshold, measure }) => ({
        ...{ id, name, group, window, value, threshold, measure },
      }));
    expect(told(alerts)).toEqual(told(wanted));
    expect(alerts[0].message).toContain('Many');
    expect([alerts.length, firings, scanned]).toEqual([2, 2, 1]);
  });

  test('tells of what fired in the span alone, and reads what its first windows look back to', async () => {
    const { alerts } = await run(NOON + 3_900);
    expect(alerts.map(({ window }) => window.end)).toEqual(['2026-11-23T13:08:00Z']);
    const plan = planBacktest(rule, snapshot, { table: 't', format: FORMAT, from: NOON });
    expect(plan.lead).toBe(120);
    expect(plan.query.sql).toContain(`>= ${NOON - 120}`);
  });

  test('looks back as far as a rule has to know', () => {
    const day = 86_400;
    const spike = { kind: 'spike', factor: 5, min: 1, baseline: day } as const;
    expect(leadOf(ruleOf(spike, { window: 3_600 }))).toBe(day + 3_600);
    const fresh = { kind: 'new', fields: ['dstport'], learn: day, forget: 30 * day } as const;
    expect(leadOf(ruleOf(fresh))).toBe(30 * day);
    expect(leadOf(ruleOf({ kind: 'every' }))).toBe(0);
  });
});

test('a query is billed by the terabyte, and for ten megabytes at least', () => {
  expect(priceOfQuery(2e12)).toBe(10);
  expect(priceOfQuery(0)).toBe(priceOfQuery(1e7));
});
