/** One rule's question, asked of DuckDB: `node bench/duckdb.ts FILE [THREADS]`. */
import { DuckDBInstance } from '@duckdb/node-api';

const [file, threads] = process.argv.slice(2);
const rows = file?.endsWith('.parquet')
  ? `read_parquet('${file}')`
  : `read_csv('${file}', delim = ' ', header = true, nullstr = '-')`;
const instance = await DuckDBInstance.create(':memory:', threads ? { threads } : {});
const connection = await instance.connect();
const answer = await connection.runAndReadAll(`
  SELECT dstaddr, start // 300 AS slot, count(*) AS n
  FROM ${rows}
  WHERE action = 'REJECT' AND protocol = 6
  GROUP BY ALL HAVING n > 100`);
process.stdout.write(`${answer.currentRowCount} rows\n`);
process.exit(0);
