import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DEFAULT_LAYOUT } from '../../src/records/layout.ts';
import { closeParquet, parquetOf } from '../map/parquet/write.ts';
import { gzip } from '../replay/inputs/sources.ts';
import { cli } from './cli.ts';
import { type Workspace, workspace } from './workspace.ts';

jest.setTimeout(60_000);

const NAMES = DEFAULT_LAYOUT.fields.map(({ name }) => name);
const START = NAMES.indexOf('start');

let w: Workspace;
let lines: readonly string[];
let rules: string[];
let columns: Buffer;

beforeAll(async () => {
  w = workspace();
  const example = new URL('../../examples/small-vpc-day.log.gz', import.meta.url);
  lines = gunzipSync(readFileSync(example)).toString().trim().split('\n').slice(1, 40_001);
  w.write(
    'rules/busy.yaml',
    'match: { action: ACCEPT }\ndetect: { count: { above: 5 } }\nby: [dstaddr, dstport]\nwindow: 5m\n',
  );
  rules = ['--rules', w.path('rules'), '--json'];
  columns = await parquetOf(NAMES, lines, { rowGroup: 16_384 });
  w.write('text/flows.log', `${NAMES.join(' ')}\n${lines.join('\n')}\n`);
  w.write('columns/flows.log', columns);
});

afterAll(async () => {
  w.remove();
  await closeParquet();
});

/** Without the folder, in which alone the two sources differ. */
const out = async (folder: string, ...more: string[]) => {
  const ran = await cli(['replay', w.path(folder), ...rules, ...more]);
  return { ...ran, out: ran.out.replaceAll(w.path(folder), 'FOLDER') };
};

describe('replay of Parquet', () => {
  test.each(['1', '3'])('gives what the same records in text give, with %s threads', async (n) => {
    const text = await out('text');
    const parquet = await out('columns', '--threads', n);
    expect([parquet.code, text.code]).toEqual([0, 0]);
    expect(text.out.split('\n').length).toBeGreaterThan(20);
    const alerts = (all: string) =>
      all
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map(({ id, status, group, window }) => [id, status, group, window]);
    expect(alerts(parquet.out)).toEqual(alerts(text.out));
    expect(parquet.out).toBe((await out('columns', '--threads', '2')).out);
  });

  test('knows the times asked for', async () => {
    const first = Number(lines[0].split(' ')[START]);
    const until = new Date((first + 3_600) * 1000).toISOString().slice(0, 19);
    const { err } = await out('columns', '--until', `${until}Z`);
    const within = lines.filter((line) => Number(line.split(' ')[START]) < first + 3_600);
    const flows = within.filter((line) => line.endsWith(' OK'));
    expect(err).toContain(`${flows.length.toLocaleString('en')} records`);
    expect(err).toContain(`${(lines.length - within.length).toLocaleString('en')} lines of other`);
  });

  test('in gzip or from a pipe is held in memory and gives the same', async () => {
    const name = w.write('packed/flows.gz', gzip(columns));
    const { out: plain } = await cli(['replay', w.path('columns/flows.log'), ...rules]);
    const packed = await cli(['replay', name, ...rules]);
    expect(packed.out.replaceAll('packed/flows.gz', 'columns/flows.log')).toBe(plain);
    const piped = await cli(['replay', '-', ...rules], { stdin: columns });
    expect(piped.code).toBe(0);
    expect(piped.out.trim().split('\n').length).toBe(plain.trim().split('\n').length);
  });

  test('that is damaged or no flow log is told, and what came before it is counted', async () => {
    const cut = Buffer.from(columns);
    cut.fill(0xff, cut.length / 2, cut.length / 2 + 4_000);
    const broken = await cli(['replay', w.write('cut.parquet', cut), ...rules]);
    expect(broken.code).toBe(1);
    expect(broken.err).toMatch(/cut\.parquet: the Parquet file cannot be read/);
    const end = await cli(['replay', w.write('end.parquet', columns.subarray(0, 5_000)), ...rules]);
    expect([end.code, end.out]).toEqual([1, '']);
    const other = await parquetOf(['colour'], ['red', 'green']);
    const foreign = await cli(['replay', w.write('other.parquet', other), ...rules]);
    expect(foreign.code).toBe(1);
    expect(foreign.err).toMatch(/other\.parquet: .*no column of a flow log/);
  });
});
