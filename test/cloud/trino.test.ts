import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readConfig } from '../../src/cli/config.ts';
import { athenaQueryOf } from '../../src/query/athena/athena.ts';
import { partitionsBetween } from '../../src/query/athena/partitions.ts';
import { QueryError } from '../../src/query/query-error.ts';
import { DEFAULT_FORMAT } from '../../src/records/layout.ts';
import { preparedPython } from '../moto/venv.ts';
import { FORMAT } from '../reduce/kinds/record.ts';
import { KINDS, TRAFFIC } from '../reduce/kinds/traffic/index.ts';
import { aSnapshot } from '../reduce/rules.ts';

/** Says for each text whether it is one statement of Athena's dialect, and else why not. */
const READER = `
import json, sys
import sqlglot
def said(sql):
    try:
        statements = sqlglot.parse(sql, read="athena", error_level=sqlglot.ErrorLevel.RAISE)
        if len(statements) != 1 or statements[0].key == "command":
            return "not one query"
        return None
    except Exception as error:
        return str(error)[:300]
json.dump([said(sql) for sql in json.load(sys.stdin)], sys.stdout)
`;

let python: string;

beforeAll(async () => {
  python = await preparedPython();
}, 300_000);

async function faultsOf(queries: readonly string[]): Promise<(string | null)[]> {
  const child = spawn(python, ['-c', READER], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(queries));
  const [answer] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(answer) as (string | null)[];
}

function sayable(query: () => string): string[] {
  try {
    return [query()];
  } catch (error) {
    if (error instanceof QueryError) return [];
    throw error;
  }
}

describe("Athena's dialect has", () => {
  test('the query of every built-in rule that SQL can say', async () => {
    const { snapshot } = await readConfig(undefined);
    const where = partitionsBetween(1_795_435_200, 1_795_500_000) as string;
    const queries = snapshot.rules.flatMap((rule) =>
      sayable(() => athenaQueryOf(rule, DEFAULT_FORMAT, snapshot, { table: 'db.logs', where }).sql),
    );
    expect(queries.length).toBeGreaterThan(20);
    expect((await faultsOf(queries)).filter(Boolean)).toEqual([]);
  }, 120_000);

  test('the query of any rule of any kind', async () => {
    const queries = KINDS.flatMap((kind) =>
      fc.sample(TRAFFIC[kind], 25).flatMap(({ rules, filters }) =>
        rules.flatMap((rule) => {
          const config = { ...aSnapshot(rules), filters };
          return sayable(() => athenaQueryOf(rule, FORMAT, config, { table: 'logs' }).sql);
        }),
      ),
    );
    expect(queries.length).toBeGreaterThan(100);
    expect((await faultsOf(queries)).filter(Boolean)).toEqual([]);
  }, 120_000);

  test('no query that is broken', async () => {
    const faults = await faultsOf([
      'SELECT a FROM logs WHERE (b = 1',
      'SELECT FROM WHERE',
      'SELECT 1',
    ]);
    expect(faults.map(Boolean)).toEqual([true, true, false]);
  }, 60_000);
});
