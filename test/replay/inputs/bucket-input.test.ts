import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bucketInputs } from '../../../src/replay/inputs/bucket-input.ts';
import { ObjectCache } from '../../../src/replay/inputs/object-cache.ts';
import type { Input } from '../../../src/replay/inputs/plan.ts';
import { MemoryBucket } from './memory-remote.ts';

const PREFIX = 'AWSLogs/123456789012/vpcflowlogs/eu-west-1/';
const keyOf = (day: string, time: string) =>
  `${PREFIX}2026/11/${day}/123456789012_vpcflowlogs_eu-west-1_fl-1_202611${day}T${time}Z_ab.log.gz`;

let bucket: MemoryBucket;
let folder: string;

beforeEach(() => {
  bucket = new MemoryBucket();
  folder = mkdtempSync(join(tmpdir(), 'cache-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const plan = (url: string, options: Parameters<typeof bucketInputs>[2] = {}) =>
  bucketInputs(url, { listing: bucket, objects: bucket }, options);

async function textOf({ remote }: Input): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of remote!.pieces(() => {})) pieces.push(new Uint8Array(piece));
  return Buffer.concat(pieces).toString();
}

describe('s3://', () => {
  test('is every object that begins with the prefix, by key, as the source a deployment names', async () => {
    for (const [day, time] of [
      ['21', '0000'],
      ['20', '1200'],
    ]) {
      bucket.put(keyOf(day, time), `of ${day}`);
    }
    bucket.put('AWSLogs/123456789012/CloudTrail/eu-west-1/2026/x.json.gz', 'not ours');
    bucket.put(`${PREFIX}2026/11/20/`, '');
    bucket.put('mine/day.log', 'mine');
    const inputs = await plan('s3://logs');
    expect(inputs.map(({ name, size }) => [name, size])).toEqual([
      [`s3://logs/${keyOf('20', '1200')}`, 5],
      [`s3://logs/${keyOf('21', '0000')}`, 5],
      ['s3://logs/mine/day.log', 4],
    ]);
    expect(inputs[0].remote?.source).toEqual({
      kind: 'bucket',
      name: `logs/${PREFIX.slice(0, -1)}`,
      account: '123456789012',
      region: 'eu-west-1',
    });
    expect(await Promise.all(inputs.map(textOf))).toEqual(['of 20', 'of 21', 'mine']);
  });

  test('lists below the flow logs of a region without a call for each folder', async () => {
    for (const day of ['20', '21', '22']) bucket.put(keyOf(day, '0000'), 'x');
    await plan('s3://logs/AWSLogs');
    expect(bucket.listed).toEqual([
      'AWSLogs',
      'AWSLogs/',
      'AWSLogs/123456789012/',
      'AWSLogs/123456789012/vpcflowlogs/',
    ]);
  });

  test('with a span asks for the days alone that may hold it, and for files alone that may', async () => {
    const days = ['18', '19', '20', '21', '22'];
    for (const day of days) for (const time of ['0000', '1200']) bucket.put(keyOf(day, time), day);
    const at = (text: string) => Date.parse(text) / 1000;
    const span = { from: at('2026-11-20T11:00Z'), until: at('2026-11-21T00:10Z') };
    const inputs = await plan(`s3://logs/${PREFIX}`, { span });
    expect(inputs.map(({ name }) => name.slice(-19))).toEqual(
      ['20T1200Z_ab.log.gz', '21T0000Z_ab.log.gz'].map((end) => expect.stringContaining(end)),
    );
    expect(bucket.listed.filter((prefix) => /11\/\d\d\/$/.test(prefix))).toEqual([
      `${PREFIX}2026/11/20/`,
      `${PREFIX}2026/11/21/`,
    ]);
    const later = { from: at('2027-01-01T00:00Z'), until: Infinity };
    await expect(plan(`s3://logs/${PREFIX}`, { span: later })).rejects.toThrow(
      /no flow log in s3:\/\/logs\/AWSLogs.* that may hold records of that time/,
    );
  });

  test('that is interrupted while it is listed ends there', async () => {
    for (const day of ['20', '21']) bucket.put(keyOf(day, '0000'), 'x');
    expect(await plan('s3://logs', { stop: AbortSignal.abort() })).toEqual([]);
    expect(bucket.listed).toEqual([]);
  });

  test('of another service is read where its folder is named', async () => {
    bucket.put('AWSLogs/123456789012/custom/x.log', 'x');
    await expect(plan('s3://logs/AWSLogs/')).rejects.toThrow(/there is no flow log/);
    expect(await plan('s3://logs/AWSLogs/123456789012/custom/')).toHaveLength(1);
  });

  test('tells what cannot be read, and why, for each object', async () => {
    bucket.put('a.log', 'a');
    bucket.put('b.log', 'b');
    bucket.put('c-glacier.log', 'c');
    const [a, b, c] = await plan('s3://logs');
    bucket.remove('a.log');
    bucket.put('b.log', 'other');
    await expect(textOf(a)).rejects.toThrow('it was removed since it was listed');
    await expect(textOf(b)).rejects.toThrow('it was replaced since it was listed');
    await expect(textOf(c)).rejects.toThrow(/it is archived; restore it first/);
    await expect(plan('s3://other/')).rejects.toThrow('there is no bucket other');
  });
});

describe('the cache', () => {
  const cached = () => ({ cache: new ObjectCache(folder) });

  test('keeps what was read, for a run that reads it again', async () => {
    bucket.put('a.log', 'a'.repeat(5_000));
    const read = async () => Promise.all((await plan('s3://logs', cached())).map(textOf));
    expect(await read()).toEqual(['a'.repeat(5_000)]);
    expect(await read()).toEqual(['a'.repeat(5_000)]);
    expect(bucket.opened).toEqual(['a.log']);
  });

  test('keeps nothing of what was not read to its end, and goes on from what it has', async () => {
    for (const name of ['a', 'b']) bucket.put(name, name.repeat(5_000));
    const [a, b] = await plan('s3://logs', cached());
    await textOf(a);
    for await (const _ of b.remote!.pieces(() => {})) break;
    expect(readdirSync(folder)).toHaveLength(1);
    const again = await plan('s3://logs', cached());
    expect(await Promise.all(again.map(textOf))).toEqual(['a'.repeat(5_000), 'b'.repeat(5_000)]);
    expect(bucket.opened).toEqual(['a', 'b', 'b']);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('knows another content of the same key', async () => {
    bucket.put('a.log', 'one');
    const read = async () => Promise.all((await plan('s3://logs', cached())).map(textOf));
    expect(await read()).toEqual(['one']);
    bucket.put('a.log', 'two');
    expect(await read()).toEqual(['two']);
  });

  test('holds the whole of what is jumped about in', async () => {
    bucket.put('a.parquet', '0123456789');
    for (const options of [cached(), cached(), {}]) {
      const [input] = await plan('s3://logs', options);
      const file = await input.remote!.open!(() => {});
      expect(file.size).toBe(10);
      expect(Buffer.from(await file.range(3, 6)).toString()).toBe('345');
      await file.close();
    }
    expect(bucket.opened).toHaveLength(2);
  });
});
