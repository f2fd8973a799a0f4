import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { FileCheckpointStore } from '../../../src/adapters/local/file-checkpoint-store.ts';
import { runContract } from '../../contracts/checkpoint-store.ts';

const made: string[] = [];

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'flowlog-alerts-checkpoint-'));
  made.push(directory);
  return directory;
}

afterAll(async () => {
  for (const directory of made) await rm(directory, { recursive: true, force: true });
});

runContract({
  name: 'FileCheckpointStore',
  async make() {
    const directory = join(await newDirectory(), 'not/there/yet');
    return () => new FileCheckpointStore(directory);
  },
});

test('only the newest generation stays on the disk', async () => {
  const directory = await newDirectory();
  const store = new FileCheckpointStore(directory);
  let tag: string | undefined;
  for (const state of ['one', 'two', 'three']) {
    const outcome = await store.save(4, Buffer.from(state), tag);
    if (outcome !== 'conflict') tag = outcome.tag;
  }
  expect(await readdir(join(directory, '4'))).toEqual(['3']);
});

test('a draft that a killed process left is not taken for a checkpoint', async () => {
  const directory = await newDirectory();
  await mkdir(join(directory, '0'));
  await writeFile(join(directory, '0', 'draft-0123'), 'half a st');
  const store = new FileCheckpointStore(directory);
  expect(await store.load(0)).toBeUndefined();
  expect(await store.save(0, Buffer.from('whole'), undefined)).not.toBe('conflict');
});

test('a tag of a directory that was removed does not fit the one made anew', async () => {
  const directory = await newDirectory();
  const store = new FileCheckpointStore(directory);
  const before = await store.save(0, Buffer.from('before'), undefined);
  await rm(join(directory, '0'), { recursive: true });
  await store.save(0, Buffer.from('after'), undefined);
  if (before === 'conflict') throw new Error('The first save met a conflict');
  expect(await store.save(0, Buffer.from('late'), before.tag)).toBe('conflict');
});

test('generations count as numbers: ten comes after nine', async () => {
  const directory = await newDirectory();
  await mkdir(join(directory, '0'));
  await writeFile(join(directory, '0', '9'), 'nine');
  await writeFile(join(directory, '0', '10'), 'ten');
  const found = await new FileCheckpointStore(directory).load(0);
  expect(Buffer.from(found!.body).toString()).toBe('ten');
});
