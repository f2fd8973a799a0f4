import type { AthenaClient } from '@aws-sdk/client-athena';
import { describe, expect, test } from '@jest/globals';
import { AthenaEngine } from '../../src/adapters/aws/athena-engine.ts';

type Answer = (input: Record<string, unknown>) => unknown;

/** A client that answers by the name of the command, and notes what it was asked. */
function aClient(answers: Readonly<Record<string, Answer>>) {
  const asked: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  const send = async (command: { readonly input: Record<string, unknown> }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    asked.push({ name, input: command.input });
    const answer = answers[name];
    if (!answer) throw new Error(`nobody expected ${name}`);
    return answer(command.input);
  };
  return { client: { send } as unknown as AthenaClient, asked };
}

const cells = (...values: (string | undefined)[]) => ({
  Data: values.map((VarCharValue) => ({ VarCharValue })),
});
const page = (names: readonly string[], rows: readonly unknown[], NextToken?: string) => ({
  ResultSet: {
    ResultSetMetadata: { ColumnInfo: names.map((Name) => ({ Name })) },
    Rows: rows,
  },
  NextToken,
});
const ended = (State: string, more: object = {}) => ({
  QueryExecution: {
    Status: { State, ...more },
    Statistics: { DataScannedInBytes: 1_234 },
  },
});
const started = { StartQueryExecution: () => ({ QueryExecutionId: 'q1' }) };
const { signal: calm } = new AbortController();

describe('a query of Athena', () => {
  test('is started where it was told, waited for, and read page by page', async () => {
    const states = ['QUEUED', 'RUNNING', 'SUCCEEDED'];
    const { client, asked } = aClient({
      ...started,
      GetQueryExecution: () => ended(states.shift() as string),
      GetQueryResults: ({ NextToken }) =>
        NextToken === undefined
          ? page(['k1', 'slot'], [cells('k1', 'slot'), cells('a', '60')], 'more')
          : page(['k1', 'slot'], [cells(undefined, '120')]),
    });
    const engine = new AthenaEngine({
      client,
      workgroup: 'w',
      database: 'd',
      output: 's3://o/',
      pause: 1,
    });
    expect(await engine.run('SELECT 1', calm)).toEqual({
      columns: ['k1', 'slot'],
      rows: [
        ['a', '60'],
        [null, '120'],
      ],
      scanned: 1_234,
    });
    expect(asked[0].input).toEqual({
      QueryString: 'SELECT 1',
      WorkGroup: 'w',
      QueryExecutionContext: { Database: 'd' },
      ResultConfiguration: { OutputLocation: 's3://o/' },
    });
  });

  test('that fails says why', async () => {
    const { client } = aClient({
      ...started,
      GetQueryExecution: () => ended('FAILED', { StateChangeReason: 'TABLE_NOT_FOUND: flows' }),
    });
    const run = new AthenaEngine({ client }).run('SELECT 1', calm);
    await expect(run).rejects.toThrow("Athena's query q1 ended as FAILED: TABLE_NOT_FOUND: flows");
  });

  test('is stopped in Athena when it is interrupted here', async () => {
    const stop = new AbortController();
    const { client, asked } = aClient({
      ...started,
      GetQueryExecution: () => {
        stop.abort();
        return ended('RUNNING');
      },
      StopQueryExecution: () => ({}),
    });
    await expect(new AthenaEngine({ client }).run('SELECT 1', stop.signal)).rejects.toThrow();
    expect(asked.at(-1)).toEqual({ name: 'StopQueryExecution', input: { QueryExecutionId: 'q1' } });
  });
});

describe('an estimate', () => {
  const estimating = (text: string) => {
    const lines = text.split('\n').map((line) => cells(line));
    const { client, asked } = aClient({
      ...started,
      GetQueryExecution: () => ended('SUCCEEDED'),
      GetQueryResults: () => page(['Query Plan'], [cells('Query Plan'), ...lines]),
    });
    return { bytes: new AthenaEngine({ client }).estimate('SELECT 1', calm), asked };
  };
  const plan = (...sizes: unknown[]) =>
    JSON.stringify(
      {
        inputTableColumnInfos: sizes.map((outputSizeInBytes) => ({
          estimate: { outputSizeInBytes },
        })),
      },
      null,
      2,
    );

  test('is asked of EXPLAIN, which reads nothing', async () => {
    const { bytes, asked } = estimating(plan(1_000, 500));
    expect(await bytes).toBe(1_500);
    expect(asked[0].input.QueryString).toBe('EXPLAIN (TYPE IO, FORMAT JSON)\nSELECT 1');
  });

  test.each([
    ['a table without statistics', plan(1_000, 'NaN')],
    ['a plan of no table', plan()],
    ['an answer that is none', 'Trino cannot say'],
  ])('is left open for %s', async (_, text) => {
    expect(await estimating(text).bytes).toBeUndefined();
  });
});
