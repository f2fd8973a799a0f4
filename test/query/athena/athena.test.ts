import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { athenaQueryOf } from '../../../src/query/athena/athena.ts';
import { alertsOfFirings } from '../../../src/query/athena/firings.ts';
import { flowsStep } from '../../../src/query/athena/source.ts';
import { sqlCondition } from '../../../src/query/athena/sql-condition.ts';
import { sqlValue } from '../../../src/query/athena/sql-value.ts';
import { matchOver } from '../../../src/query/over-format.ts';
import { QueryError } from '../../../src/query/query-error.ts';
import { DERIVED_FIELDS } from '../../../src/records/fields.ts';
import { parseLayout } from '../../../src/records/layout.ts';
import { ReplayEngine } from '../../../src/replay/engine.ts';
import type { CompiledRule, Detect } from '../../../src/rules/compiled.ts';
import { worldOf } from '../../map/4-match/worlds.ts';
import { batchOf } from '../../reduce/kinds/delivery.ts';
import { aLine, FILE, FORMAT, type Line, NOON, textOf } from '../../reduce/kinds/record.ts';
import { ruleOf, says } from '../../reduce/kinds/rule.ts';
import { KINDS, TRAFFIC } from '../../reduce/kinds/traffic/index.ts';
import { aSnapshot, by } from '../../reduce/rules.ts';
import { layoutOf, parsed } from '../worlds.ts';
import { FlowTable } from './duckdb.ts';

const TABLE = { table: 'flow_logs' };
const SETTLE = 300;

let table: FlowTable;

beforeAll(async () => {
  table = await FlowTable.open();
});

/** Alerts as `rule id`, by the engine that replays the lines. */
function replayed(
  rules: readonly CompiledRule[],
  filters: readonly unknown[],
  lines: readonly Line[],
) {
  const snapshot = { ...aSnapshot(rules), filters: filters as never };
  const engine = new ReplayEngine(snapshot);
  engine.feed(batchOf(lines, '0', { kind: 'file', name: FILE }));
  return [...engine.take(), ...engine.finish()]
    .filter(({ status }) => status === 'firing')
    .map(({ rule, id }) => `${rule.id} ${id}`)
    .sort();
}

async function queried(
  rules: readonly CompiledRule[],
  filters: readonly unknown[],
  lines: readonly Line[],
): Promise<string[]> {
  const config = { ...aSnapshot(rules), filters: filters as never };
  await table.fill(FORMAT, lines.map(textOf));
  const found: string[] = [];
  for (const rule of rules) {
    const query = askable(() => athenaQueryOf(rule, FORMAT, config, TABLE));
    if (!query) continue;
    const { sql, slot } = query;
    const rows = await table.firings(sql);
    const alerts = alertsOfFirings(rule, rows, { slot, settle: SETTLE });
    found.push(...alerts.map(({ id }) => `${rule.id} ${id}`));
  }
  return found.sort();
}

/** undefined for a rule whose filters hide all it asks for: there is nothing to query. */
function askable<T>(query: () => T): T | undefined {
  try {
    return query();
  } catch (error) {
    if (error instanceof QueryError && error.message.includes('exclude each other'))
      return undefined;
    throw error;
  }
}

/** Kinds that SQL cannot decide are refused, below. */
const SAYABLE = KINDS.filter((kind) => !['absent', 'beacon', 'unanswered'].includes(kind));

describe.each(SAYABLE)('a query of a rule of kind %s', (kind) => {
  test('finds the alerts of a replay, by their ids', async () => {
    let alerts = 0;
    await fc.assert(
      fc.asyncProperty(TRAFFIC[kind], async ({ rules, filters, lines }) => {
        const own = lines
          .map((line) => ({ ...line, source: FILE }))
          .sort((a, b) => a.start - b.start);
        const sayable = rules
          .filter(({ detect }) => !feeds(detect))
          .map((rule) => ({ ...rule, mode: 'live' as const }));
        const wanted = replayed(sayable, filters, own);
        expect(await queried(sayable, filters, own)).toEqual(wanted);
        alerts += wanted.length;
      }),
      { numRuns: 50 },
    );
    expect(alerts).toBeGreaterThan(5);
  }, 120_000);
});

test('a query of a rule that takes every record finds the alerts of a replay', async () => {
  await fc.assert(
    fc.asyncProperty(TRAFFIC.count, async ({ rules, lines }) => {
      const own = lines
        .map((line) => ({ ...line, source: FILE }))
        .sort((a, b) => a.start - b.start);
      const plain = rules.map(({ window: _, ...rule }) => ({
        ...rule,
        detect: { kind: 'every' as const },
      }));
      expect(await queried(plain, [], own)).toEqual(replayed(plain, [], own));
    }),
    { numRuns: 30 },
  );
}, 60_000);

/** A step that is the firings of another rule. */
function feeds(detect: Detect): boolean {
  return detect.kind === 'sequence' && detect.steps.some((step) => 'rule' in step);
}

describe('a condition in SQL', () => {
  test('holds for the records that the rule matches', async () => {
    await fc.assert(
      fc.asyncProperty(worldOf(2), async (world) => {
        const layout = layoutOf(world);
        if (!layout.fields.some(({ name }) => name === 'start' || name === 'end')) return;
        const { batch, holds, lines } = parsed(world);
        await table.fill(world.format, lines);
        const { sql } = flowsStep(layout, TABLE);
        for (const { match } of world.snapshot.rules) {
          const condition = sqlCondition(
            matchOver(match, layout, world.snapshot),
            world.snapshot.lists,
          );
          const rows = await table.rows(
            `WITH flows AS (${sql.replace('SELECT ', 'SELECT line, ')}) SELECT line FROM flows WHERE ${condition} ORDER BY line`,
          );
          const wanted: number[] = [];
          for (let row = 0; row < batch.count; row++) {
            const timed = batch.value('start', row) ?? batch.value('end', row);
            if (timed !== undefined && holds(match, row)) wanted.push(batch.lines[row]);
          }
          expect(rows.map(({ line }) => Number(line))).toEqual(wanted);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test('computes derived fields as the engine does', async () => {
    const fields = DERIVED_FIELDS.map(({ name }) => name).filter((name) => name !== 'service');
    await fc.assert(
      fc.asyncProperty(worldOf(1), async (world) => {
        const layout = layoutOf(world);
        if (!layout.fields.some(({ name }) => name === 'start' || name === 'end')) return;
        const { batch, lines } = parsed(world);
        await table.fill(world.format, lines);
        const { sql } = flowsStep(layout, TABLE);
        const values = fields.map(
          (field, i) => `${sqlValue(field, layout, world.snapshot)} AS d${i}`,
        );
        const rows = await table.rows(
          `WITH flows AS (${sql.replace('SELECT ', 'SELECT line, ')}) SELECT line, ${values.join(', ')} FROM flows`,
        );
        const byLine = new Map(rows.map((row) => [Number(row.line), row]));
        for (let row = 0; row < batch.count; row++) {
          const found = byLine.get(batch.lines[row]);
          if (!found) continue;
          const wanted = fields.map((field) => String(batch.value(field, row) ?? null));
          expect(fields.map((_, i) => String(found[`d${i}`]))).toEqual(wanted);
        }
      }),
      { numRuns: 20 },
    );
  }, 120_000);
});

describe('a query', () => {
  const rule = ruleOf({ kind: 'count', above: 1 }, { window: 120, by: by('srcaddr', 'dstport?') });
  const sqlOf = (given: CompiledRule, more = {}) =>
    athenaQueryOf(given, FORMAT, aSnapshot([given]), { ...TABLE, ...more }).sql;

  test('keeps to the span and partitions that are asked for', async () => {
    const lines = [NOON, NOON + 10, NOON + 20].map((start) => textOf(aLine(start)));
    await table.fill(FORMAT, lines);
    const within = sqlOf(rule, { from: NOON, to: NOON + 20, where: "account_id = '123456789012'" });
    expect((await table.firings(within)).map(({ value }) => value)).toEqual([2]);
    expect(await table.firings(sqlOf(rule, { where: "account_id = '0'" }))).toEqual([]);
  });

  test('tells an absent field of the group from others', async () => {
    await table.fill(
      FORMAT,
      [1, 2].map(() => textOf(aLine(NOON, { dstport: null }))),
    );
    const [row] = await table.firings(sqlOf(rule));
    expect(row.keys).toEqual(['198.51.100.7', '-']);
    const [alert] = alertsOfFirings(rule, [row], { slot: 60, settle: SETTLE });
    expect(alert.group).toEqual({ srcaddr: '198.51.100.7' });
  });

  test('takes milliseconds for what they are', async () => {
    await table.fill(
      FORMAT,
      [1, 2].map(() => textOf(aLine(NOON * 1_000))),
    );
    expect((await table.firings(sqlOf(rule))).map(({ slot }) => slot)).toEqual([NOON]);
  });

  test('holds the texts of a rule as texts', async () => {
    const odd = "x'; DROP TABLE flow_logs; --";
    const sql = sqlOf({ ...rule, title: `a\n${odd}`, match: says('interface-id', odd) });
    await table.fill(FORMAT, [textOf(aLine(NOON))]);
    expect(await table.firings(sql)).toEqual([]);
    expect(sql.split('\n')[0]).toBe(`-- count: a ${odd}`);
  });

  test.each<Detect>([
    { kind: 'absent', for: 900, seen: 3 },
    { kind: 'beacon', min: 8, jitter: 0.1 },
    { kind: 'unanswered', min: 3 },
    { kind: 'visibility', of: 'skipped', above: 0.1, min: 1 },
    { kind: 'sequence', steps: [{ rule: 'other' }, { match: says('action', 'ACCEPT'), above: 0 }] },
  ])('is refused for kind $kind, by name', (detect) => {
    expect(() => sqlOf(ruleOf(detect, { window: 600 }))).toThrow(QueryError);
    expect(() => sqlOf(ruleOf(detect, { window: 600 }))).toThrow(/cannot be a query of Athena: /);
  });

  test('is refused for a table whose records have no time', () => {
    expect(() => athenaQueryOf(rule, 'srcaddr dstport protocol', aSnapshot([rule]), TABLE)).toThrow(
      'the table has neither start nor end',
    );
    expect(parseLayout(FORMAT).fields).toHaveLength(15);
  });
});
