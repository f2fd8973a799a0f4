import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DirectorySource } from '../../../src/adapters/local/directory.ts';
import { MemoryObjects } from '../../../src/adapters/local/memory-objects.ts';
import { checkTree } from '../../../src/config/check.ts';
import type { Batch } from '../../../src/map/1-decode/lines.ts';
import { batchesOfObject } from '../../../src/map/1-decode/objects.ts';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import { type Mapped, Mapper } from '../../../src/map/map.ts';
import { DEFAULT_LAYOUT } from '../../../src/records/layout.ts';
import { leaf, line, port, ruleOf, SOURCE, snapshotOf } from '../inputs.ts';
import { LAYOUTS, lineOf } from '../parquet/records.ts';
import {
  type Compression,
  closeParquet,
  type ParquetOptions,
  parquetOf,
} from '../parquet/write.ts';

afterAll(closeParquet);

const directory = fileURLToPath(new URL('../../../rules', import.meta.url));
const { snapshot } = checkTree(await new DirectorySource(directory).read());
const own = snapshotOf([
  ruleOf('every', { all: [] }),
  ruleOf('ports', port(22), { by: [{ field: 'srcaddr', optional: false }] }),
  ruleOf('named', leaf('new-field', { in: { strings: ['a'] } })),
  ruleOf('others', { not: leaf('account-id', { in: { strings: ['unknown'] } }) }),
]);
const sets = [snapshot, own].map(compileRuleSet);

async function batchesOf(bytes: Uint8Array): Promise<Batch[]> {
  const objects = new MemoryObjects();
  objects.put('logs', 'a', bytes);
  const object = await objects.open('logs', 'a');
  const batches: Batch[] = [];
  const options = { layoutsOf: () => [DEFAULT_LAYOUT] };
  for await (const { batch } of batchesOfObject(object!, SOURCE, options)) {
    const { lines } = batch;
    batches.push({ ...batch, lines: { ...lines, bytes: new Uint8Array(lines.bytes) } });
  }
  return batches;
}

function mapAll(batches: readonly Batch[], set: (typeof sets)[number]): Mapped[] {
  const mapper = new Mapper(set, 500);
  return batches.map((batch) => mapper.map(batch));
}

const DEFAULT_FIELDS = DEFAULT_LAYOUT.fields.map(({ name }) => name);

async function readFlows(lines: readonly string[], options?: ParquetOptions): Promise<Mapped[]> {
  return mapAll(await batchesOf(await parquetOf(DEFAULT_FIELDS, lines, options)), sets[1]);
}

test.each(
  LAYOUTS.map(({ fields }) => fields.map(({ name }) => name)).map(
    (names) => [names.length, names] as const,
  ),
)(
  'Parquet of %i fields comes to the same counts, samples and digests as the same records in text',
  async (_, names) => {
    const layout = LAYOUTS.find(({ fields }) => fields.length === names.length)!;
    await fc.assert(
      fc.asyncProperty(
        fc.array(lineOf(layout), { minLength: 1, maxLength: 60 }),
        fc.boolean(),
        async (lines, wide) => {
          const text = await batchesOf(Buffer.from(`${names.join(' ')}\n${lines.join('\n')}\n`));
          const table = await batchesOf(await parquetOf(names, lines, { wide }));
          for (const set of sets) expect(mapAll(table, set)).toEqual(mapAll(text, set));
        },
      ),
      { numRuns: 25 },
    );
  },
  60_000,
);

describe('a Parquet file', () => {
  const lines = [line({ dstport: 22 }), line({ status: 'NODATA' }), line({ srcaddr: '::1' })];

  test.each<Compression>(['gzip', 'snappy', 'zstd', 'uncompressed', 'brotli', 'lz4_raw'])(
    'is read in %s, of both kinds of pages',
    async (compression) => {
      for (const version of ['V1', 'V2'] as const) {
        const [{ counts, digest }] = await readFlows(lines, { compression, version });
        expect(counts).toMatchObject({ records: 2, noData: 1, malformed: 0 });
        expect(digest?.rules.map(({ rule, records }) => [rule, records])).toEqual([
          ['every', 2],
          ['ports', 1],
          ['others', 2],
        ]);
      }
    },
  );

  test('has dashes, empty texts and no values alike for absent', async () => {
    const flow = line({ action: '-', dstport: 22 });
    const absent = (await readFlows([flow]))[0].digest;
    expect((await readFlows([flow], { absent: 'none' }))[0].digest).toEqual(absent);
    expect(absent?.rules[0].groups[0].samples[0].line).toBe(flow);
  });

  test('of many row groups is read in all of them, each chunk under a name of its own', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) =>
      line({ srcport: i, dstport: i % 2 ? 22 : 80 }),
    );
    const bytes = await parquetOf(DEFAULT_FIELDS, many, { rowGroup: 2_048 });
    const batches = await batchesOf(bytes);
    const mapped = mapAll(batches, sets[1]);
    expect(mapped.reduce((sum, { counts }) => sum + counts.records, 0)).toBe(10_000);
    expect(new Set(batches.map(({ identity }) => identity)).size).toBe(batches.length);
    expect((await batchesOf(bytes)).map(({ identity }) => identity)).toEqual(
      batches.map(({ identity }) => identity),
    );
  });

  test('without one column of a flow log is none', async () => {
    const bytes = await parquetOf(['name', 'value'], ['a b']);
    await expect(batchesOf(bytes)).rejects.toMatchObject({ reason: 'not-a-flow-log' });
  });

  test('that is cut short, or has only the beginning of one, says so', async () => {
    const whole = await parquetOf(DEFAULT_FIELDS, lines);
    for (const cut of [
      whole.subarray(0, -20),
      whole.subarray(0, 100),
      Buffer.from('PAR1\n'),
      Buffer.concat([whole.subarray(0, 50), whole.subarray(90)]),
    ]) {
      await expect(batchesOf(cut)).rejects.toMatchObject({
        reason: 'bad-parquet',
        message: expect.stringMatching(/^the Parquet file cannot be read: ./),
      });
    }
  });

  test('with any byte changed is read or refused with a reason, never more', async () => {
    const whole = await parquetOf(DEFAULT_FIELDS, lines, { compression: 'uncompressed' });
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        const outcome = await batchesOf(bytes).then(
          () => 'read',
          (error) => error.reason,
        );
        expect(['read', 'bad-parquet', 'not-a-flow-log']).toContain(outcome);
      }),
      { numRuns: 300 },
    );
  });
});
