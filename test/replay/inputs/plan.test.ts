import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MissingSourceError } from '../../../src/replay/inputs/missing-source.ts';
import { planInputs } from '../../../src/replay/inputs/plan.ts';

let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'plan-'));
  mkdirSync(join(dir, 'logs/2026/empty'), { recursive: true });
  for (const name of ['logs/b.log', 'logs/a.log', 'logs/2026/c.log', 'logs/.hidden', 'x[1].log']) {
    writeFileSync(join(dir, name), 'text');
  }
  symlinkSync(join(dir, 'logs'), join(dir, 'logs/2026/loop'));
  symlinkSync(join(dir, 'x[1].log'), join(dir, 'logs/link.log'));
});

afterAll(() => rmSync(dir, { recursive: true }));

const names = async (...sources: string[]) =>
  (await planInputs(sources)).map(({ name }) => relative(dir, name));

describe('planInputs', () => {
  test('a directory gives all files below it by name, without hidden ones and links that loop', async () => {
    expect(await names(join(dir, 'logs'))).toEqual([
      'logs/2026/c.log',
      'logs/a.log',
      'logs/b.log',
      'logs/link.log',
    ]);
  });

  test('a quoted glob is expanded, in the order of names', async () => {
    expect(await names(join(dir, 'logs/[ab].log'))).toEqual(['logs/a.log', 'logs/b.log']);
    expect(await names(join(dir, 'logs/**/c.log'))).toEqual(['logs/2026/c.log']);
  });

  test('a file whose name looks like a glob is that file', async () => {
    expect(await names(join(dir, 'x[1].log'))).toEqual(['x[1].log']);
  });

  test('sources keep their order, and a file named twice is read once', async () => {
    const a = join(dir, 'logs/a.log');
    expect(
      await names(join(dir, 'logs/b.log'), a, join(dir, 'logs/../logs/a.log'), '-', '-'),
    ).toEqual(['logs/b.log', 'logs/a.log', relative(dir, '-')]);
  });

  test('sizes are known, except of standard input', async () => {
    expect(await planInputs([join(dir, 'logs/a.log'), '-'])).toEqual([
      { name: join(dir, 'logs/a.log'), path: join(dir, 'logs/a.log'), size: 4 },
      { name: '-' },
    ]);
  });

  test.each([
    ['a missing file', 'none.log', /there is no file .*none\.log/],
    ['a glob that nothing matches', 'none*.log', /no file matches .*none\*\.log/],
    ['a directory without files', 'logs/2026/empty', /there is no file in .*empty/],
  ])('%s is told', async (_name, source, message) => {
    await expect(planInputs([join(dir, source)])).rejects.toThrow(MissingSourceError);
    await expect(planInputs([join(dir, source)])).rejects.toThrow(message);
  });
});
