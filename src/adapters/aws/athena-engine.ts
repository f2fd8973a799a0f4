import { setTimeout as sleep } from 'node:timers/promises';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { QueryEngine, QueryRows } from '../../ports/query-engine.ts';
import { Refusal } from '../../ports/refusal.ts';
import { type PersonOptions, personConfig } from './person-config.ts';
import { asked } from './refusal.ts';

export interface AthenaEngineOptions {
  readonly client: AthenaClient;
  readonly workgroup?: string;
  readonly database?: string;
  /** `s3://...` for results, where the workgroup has no place of its own. */
  readonly output?: string;
  /** Ms between looks at a running query; a second unless given. */
  readonly pause?: number;
}

/** Amazon Athena. */
export class AthenaEngine implements QueryEngine {
  readonly #options: AthenaEngineOptions;

  constructor(options: AthenaEngineOptions) {
    this.#options = options;
  }

  /** EXPLAIN reads no data and costs nothing. */
  async estimate(sql: string, stop: AbortSignal): Promise<number | undefined> {
    const { rows } = await this.run(`EXPLAIN (TYPE IO, FORMAT JSON)\n${sql}`, stop);
    const text = rows.flatMap((row) => row.map((cell) => cell ?? '')).join('\n');
    return bytesOfPlan(text);
  }

  async run(sql: string, stop: AbortSignal): Promise<QueryRows> {
    const { client, workgroup, database, output } = this.#options;
    const { QueryExecutionId: id = '' } = await asked(
      client.send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          ...(workgroup !== undefined && { WorkGroup: workgroup }),
          ...(database !== undefined && { QueryExecutionContext: { Database: database } }),
          ...(output !== undefined && { ResultConfiguration: { OutputLocation: output } }),
        }),
      ),
    );
    const { Statistics } = await this.#ended(id, stop);
    return { ...(await this.#results(id)), scanned: Statistics?.DataScannedInBytes ?? 0 };
  }

  async #ended(id: string, stop: AbortSignal): Promise<QueryExecution> {
    const { client, pause = 1_000 } = this.#options;
    for (;;) {
      const { QueryExecution: execution = {} } = await asked(
        client.send(new GetQueryExecutionCommand({ QueryExecutionId: id })),
      );
      const { State: state, StateChangeReason: why = 'it gave no reason' } = execution.Status ?? {};
      if (state === 'SUCCEEDED') return execution;
      if (state === 'FAILED' || state === 'CANCELLED') {
        throw new Refusal('invalid', `Athena's query ${id} ended as ${state}: ${why}`);
      }
      try {
        await sleep(pause, undefined, { signal: stop });
      } catch (error) {
        // What goes on reading is billed.
        await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
        throw error;
      }
    }
  }

  async #results(id: string): Promise<Omit<QueryRows, 'scanned'>> {
    const rows: (string | null)[][] = [];
    let columns: string[] = [];
    let token: string | undefined;
    do {
      const page = await asked(
        this.#options.client.send(
          new GetQueryResultsCommand({
            QueryExecutionId: id,
            ...(token !== undefined && { NextToken: token }),
          }),
        ),
      );
      columns = (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = '' }) => Name);
      for (const { Data = [] } of page.ResultSet?.Rows ?? []) {
        rows.push(Data.map(({ VarCharValue }) => VarCharValue ?? null));
      }
      token = page.NextToken;
    } while (token !== undefined);
    // The first row of a SELECT repeats the names.
    const isHeader = rows[0]?.every((value, i) => value === columns[i]) === true;
    return { columns, rows: isHeader ? rows.slice(1) : rows };
  }
}

interface Plan {
  readonly inputTableColumnInfos?: readonly {
    readonly estimate?: { readonly outputSizeInBytes?: number | string };
  }[];
}

/** Sum over the tables of a plan; undefined where one of them has no statistics. */
function bytesOfPlan(text: string): number | undefined {
  const json = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  let plan: Plan;
  try {
    plan = JSON.parse(json);
  } catch {
    return undefined;
  }
  const tables = plan.inputTableColumnInfos ?? [];
  const sizes = tables.map(({ estimate }) => Number(estimate?.outputSizeInBytes ?? Number.NaN));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return tables.length > 0 && Number.isFinite(total) ? total : undefined;
}

/** Athena with the credentials of the person who asks. */
export function athenaEngine({
  region,
  profile,
  ...options
}: PersonOptions & Omit<AthenaEngineOptions, 'client' | 'pause'>): AthenaEngine {
  const { workgroup, database, output } = options;
  return new AthenaEngine({
    client: new AthenaClient(personConfig({ region, profile })),
    ...(workgroup !== undefined && { workgroup }),
    ...(database !== undefined && { database }),
    ...(output !== undefined && { output }),
  });
}
