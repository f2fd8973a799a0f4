import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../../src/cli/config.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { linesOfText } from '../../../src/map/1-decode/text.ts';
import { athenaQueryOf } from '../../../src/query/athena/athena.ts';
import { alertsOfFirings } from '../../../src/query/athena/firings.ts';
import { QueryError } from '../../../src/query/query-error.ts';
import { parseLayout } from '../../../src/records/layout.ts';
import { ReplayEngine } from '../../../src/replay/engine.ts';
import { FlowTable } from './duckdb.ts';

const EXAMPLE = new URL('../../../examples/small-vpc-day.log.gz', import.meta.url);
const NO_STORM = 1_000_000;

/** Hours of the day that hold a scan and a login, and keep the queries short; Unix seconds. */
const FROM = 1_795_392_000 + 10 * 3_600;
const TO = FROM + 4.25 * 3_600;
const START = 10;

function isInSpan(line: string): boolean {
  const start = Number(line.split(' ')[START]);
  return start >= FROM && start < TO;
}

let table: FlowTable;
let snapshot: Snapshot;
let format: string;
/** Ids of the alerts of a replay, by rule. */
const replayed = new Map<string, string[]>();

beforeAll(async () => {
  const [header, ...all] = gunzipSync(readFileSync(EXAMPLE)).toString().trimEnd().split('\n');
  const lines = all.filter(isInSpan);
  format = header;
  const config = await readConfig(undefined);
  // A storm would fold some, and a signal is told to nobody.
  const rules = config.snapshot.rules.map((rule) => ({
    ...rule,
    mode: 'live' as const,
    storm: NO_STORM,
  }));
  snapshot = { ...config.snapshot, rules };
  const engine = new ReplayEngine(snapshot);
  engine.feed({
    lines: linesOfText(Buffer.from(lines.join('\n'))),
    source: { kind: 'file', name: 'example' },
    layouts: [parseLayout(format)],
    identity: 'example',
  });
  for (const { rule, id, status } of [...engine.take(), ...engine.finish()]) {
    if (status === 'firing') replayed.set(rule.id, [...(replayed.get(rule.id) ?? []), id]);
  }
  table = await FlowTable.open();
  await table.fill(format, lines);
}, 120_000);

describe('the built-in rules over the example day', () => {
  test('alert the same as queries and in a replay', async () => {
    const { settle } = snapshot.settings;
    const differ: unknown[] = [];
    let said = 0;
    for (const rule of snapshot.rules) {
      let query: ReturnType<typeof athenaQueryOf>;
      try {
        query = athenaQueryOf(rule, format, snapshot, { table: 'flow_logs' });
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        continue;
      }
      said++;
      const rows = await table.firings(query.sql);
      const found = alertsOfFirings(rule, rows, { slot: query.slot, settle }).map(({ id }) => id);
      const wanted = replayed.get(rule.id) ?? [];
      if (found.sort().join() !== wanted.sort().join()) differ.push([rule.id, found, wanted]);
    }
    expect(differ).toEqual([]);
    expect(said).toBeGreaterThan(25);
    expect([...replayed.keys()].sort()).toEqual(['port-probing', 'remote-admin-from-internet']);
  }, 300_000);
});
