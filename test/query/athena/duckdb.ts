/**
 * Runs Athena's SQL in DuckDB. The queries use what both have; blocks of addresses alone are looked
 * up in what an address library says of them.
 */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import ipaddr from 'ipaddr.js';
import type { FiringRow } from '../../../src/query/athena/firings.ts';
import { parseLayout } from '../../../src/records/layout.ts';

const IN_BLOCK = /contains\(('[^']*'), TRY_CAST\(([^()]+|CASE .*? END) AS ipaddress\)\)/g;

/** A table of flow logs, filled anew for each case. */
export class FlowTable {
  readonly #connection: DuckDBConnection;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async open(): Promise<FlowTable> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    return new FlowTable(await instance.connect());
  }

  /** @param lines of the format, blank-separated; a hyphen is NULL for numbers and stays for texts */
  async fill(format: string, lines: readonly string[]): Promise<void> {
    const { fields } = parseLayout(format);
    const isNumber = fields.map(({ type }) => type === 'number' || type === 'time');
    const columns = fields.map(
      ({ name }, i) => `"${name.replaceAll('-', '_')}" ${isNumber[i] ? 'BIGINT' : 'VARCHAR'}`,
    );
    await this.#connection.run(
      `CREATE OR REPLACE TABLE flow_logs (line INTEGER, ${columns.join(', ')})`,
    );
    if (lines.length === 0) return;
    const rows = lines.map((line, number) => {
      const values = line
        .split(' ')
        .map((value, i) =>
          isNumber[i] ? (value === '-' ? 'NULL' : value) : `'${value.replaceAll("'", "''")}'`,
        );
      return `(${number}, ${values.join(', ')})`;
    });
    await this.#connection.run(`INSERT INTO flow_logs VALUES ${rows.join(', ')}`);
  }

  /** Rows of a query as they are. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    const { text, asked } = translated(sql);
    if (asked.size > 0) await this.#knowBlocks(asked);
    const result = await this.#connection.runAndReadAll(text);
    return result.getRowObjectsJS() as Record<string, unknown>[];
  }

  async firings(sql: string): Promise<FiringRow[]> {
    return (await this.rows(sql)).map(({ slot, value, ...keys }) => ({
      keys: Object.values(keys).map(String),
      slot: Number(slot),
      value: Number(value),
    }));
  }

  async #knowBlocks(blocks: ReadonlySet<string>): Promise<void> {
    const columns = await this.#connection.runAndReadAll(
      "SELECT column_name FROM information_schema.columns WHERE table_name = 'flow_logs' AND column_name LIKE '%addr'",
    );
    const addresses = new Set<string>();
    for (const { column_name } of columns.getRowObjectsJS()) {
      const found = await this.#connection.runAndReadAll(
        `SELECT DISTINCT ${String(column_name)} AS a FROM flow_logs WHERE ${String(column_name)} <> '-'`,
      );
      for (const { a } of found.getRowObjectsJS()) addresses.add(String(a));
    }
    const pairs = [...blocks].flatMap((block) =>
      [...addresses].filter((one) => isInside(block, one)).map((one) => `'${block} ${one}'`),
    );
    const inside =
      pairs.length === 0 ? 'FALSE' : `(block || ' ' || address) IN (${pairs.join(', ')})`;
    await this.#connection.run(`CREATE OR REPLACE MACRO in_block(block, address) AS ${inside}`);
  }
}

function translated(sql: string): { readonly text: string; readonly asked: ReadonlySet<string> } {
  const asked = new Set<string>();
  const text = sql.replace(IN_BLOCK, (_, block: string, address: string) => {
    asked.add(block.slice(1, -1));
    return `in_block(${block}, ${address})`;
  });
  if (text.includes('ipaddress')) throw new Error(`not translated: ${text}`);
  return { text, asked };
}

function isInside(block: string, text: string): boolean {
  const address = ipaddr.parse(text);
  const [base, bits] = ipaddr.parseCIDR(block);
  return address.kind() === base.kind() && address.match(base, bits);
}
