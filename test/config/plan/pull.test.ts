import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryParameters } from '../../../src/adapters/local/memory-parameters.ts';
import { parseBase } from '../../../src/config/plan/base.ts';
import { documentsOf } from '../../../src/config/plan/parameters.ts';
import { planPull } from '../../../src/config/plan/pull-plan.ts';
import { onPort } from '../trees.ts';
import { actions, type Files, Folder } from './sync.ts';

const path = fc.oneof(
  fc.constant('settings'),
  fc
    .tuple(
      fc.constantFrom('rules', 'rules/team', 'lists', 'filters', 'silences'),
      fc.constantFrom('a', 'b', 'c-1', 'lists'),
    )
    .map(([branch, name]) => `${branch}/${name}`),
);
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.nat(500).map((n) => `values:\n${'  - 10.0.0.0/24\n  - x # y\n'.repeat(200 + n)}`),
  fc.nat(9).map((n) => onPort(n)),
);
const files: fc.Arbitrary<Files> = fc.dictionary(path, text, { maxKeys: 8 });

describe('A tree', () => {
  test('that is pushed and pulled elsewhere is the same, and pushed again writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (tree) => {
        const here = new Folder(tree);
        await here.push();
        const elsewhere = new Folder({}, here.there);
        await elsewhere.pull();
        expect(elsewhere.files).toEqual(tree);
        for (const folder of [here, elsewhere]) {
          folder.there.calls.length = 0;
          await folder.push({ prune: true });
          expect(folder.there.calls).toEqual([]);
        }
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test('that replaces another with prune is there alone', async () => {
    await fc.assert(
      fc.asyncProperty(files, files, async (first, second) => {
        const here = new Folder({ ...first });
        await here.push();
        here.files = second;
        await here.push({ prune: true });
        const elsewhere = new Folder({}, here.there);
        await elsewhere.pull();
        // Silences are nobody's but theirs who made them, until the folder has some.
        const silences = (all: Files) =>
          Object.fromEntries(Object.entries(all).filter(([at]) => at.startsWith('silences/')));
        const kept = Object.keys(silences(second)).length > 0 ? {} : silences(first);
        expect(elsewhere.files).toEqual({ ...kept, ...second });
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });
});

describe('A pull', () => {
  const pulled = async () => {
    const there = new MemoryParameters();
    await there.put('rules/a', 'a1', true);
    await there.put('rules/b', 'b1', true);
    const folder = new Folder({}, there);
    await folder.pull();
    return folder;
  };

  test('takes changes made there, and files that are missing', async () => {
    const folder = await pulled();
    await folder.there.put('rules/a', 'a2', false);
    delete folder.files['rules/b'];
    expect(actions(await folder.pull())).toEqual({ 'rules/a': 'change', 'rules/b': 'create' });
    expect(folder.files).toEqual({ 'rules/a': 'a2', 'rules/b': 'b1' });
  });

  test('keeps a file that was changed here alone', async () => {
    const folder = await pulled();
    folder.files['rules/a'] = 'mine';
    expect(actions(await folder.pull())).toEqual({ 'rules/a': 'kept' });
    expect(folder.files['rules/a']).toBe('mine');
  });

  test('leaves a file that was changed on both sides, unless forced', async () => {
    const folder = await pulled();
    folder.files['rules/a'] = 'mine';
    await folder.there.put('rules/a', 'theirs', false);
    expect(actions(await folder.pull())).toEqual({ 'rules/a': 'conflict' });
    expect(folder.files['rules/a']).toBe('mine');
    expect(actions(await folder.pull())).toEqual({ 'rules/a': 'conflict' });
    expect(actions(await folder.pull({ force: true }))).toEqual({ 'rules/a': 'change' });
    expect(folder.files['rules/a']).toBe('theirs');
  });

  test('into a folder of other origin overwrites nothing that differs', async () => {
    const { there } = await pulled();
    const folder = new Folder({ 'rules/a': 'mine', 'rules/b': 'b1', 'rules/c': 'c' }, there);
    expect(actions(await folder.pull())).toEqual({ 'rules/a': 'conflict', 'rules/c': 'only here' });
  });

  test('deletes with prune what was deleted there, but nothing that was changed or made here', async () => {
    const folder = await pulled();
    folder.files['rules/b'] = 'mine';
    folder.files['rules/c'] = 'new';
    await folder.there.delete(['rules/a', 'rules/b']);
    expect(actions(await folder.pull())).toEqual({
      'rules/a': 'only here',
      'rules/b': 'only here',
      'rules/c': 'only here',
    });
    expect(actions(await folder.pull({ prune: true }))).toEqual({
      'rules/a': 'delete',
      'rules/b': 'only here',
      'rules/c': 'only here',
    });
    expect(actions(await folder.pull({ prune: true, force: true }))).toEqual({
      'rules/b': 'delete',
      'rules/c': 'delete',
    });
  });

  test('leaves half of a push alone', async () => {
    const folder = new Folder({ 'lists/l': `values:\n${'  - 10.0.0.0/24\n'.repeat(600)}` });
    await folder.push();
    await folder.there.delete(['lists/l/1']);
    const other = new Folder({}, folder.there);
    expect(actions(await other.pull())).toEqual({ 'lists/l': 'torn' });
    expect(other.files).toEqual({});
  });

  test.each([
    'rules/../../escape',
    'rules/..',
    'rules/.hidden',
    'rules/settings',
    'rules/lists/x',
    'rules/node_modules/x',
    'else/a',
    'lists/..',
  ])('makes no file of %s', async (path) => {
    const there = new MemoryParameters();
    await there.put(path, 'x', true);
    const folder = new Folder({}, there);
    expect(actions(await folder.pull())).toEqual({ [path]: 'no file' });
    expect(folder.files).toEqual({});
  });

  test('makes one file of names that a disk may take for one, and none of what is encrypted', () => {
    const stored = ['rules/A', 'rules/a', 'rules/secret'].map((path) => ({
      path,
      text: 'x',
      origin: path,
      version: 1,
      ...(path === 'rules/secret' && { secure: true as const }),
    }));
    expect(actions(planPull([], documentsOf(stored), undefined))).toEqual({
      'rules/A': 'create',
      'rules/a': 'no file',
      'rules/secret': 'no file',
    });
  });
});

describe('The file that keeps the base', () => {
  test('has a parameter a line', async () => {
    const folder = new Folder({ 'rules/a': 'a', 'rules/b': 'b' });
    await folder.push();
    expect(folder.base).toMatch(
      /^\{ "version": 1, "parameters": \{\n {2}"rules\/a": \["[0-9a-f]{20}", 1\],\n {2}"rules\/b": \[.*\]\n\} \}\n$/,
    );
  });

  test.each([
    ['{', /not JSON/],
    ['null', /does not read it/],
    ['{"version": 2, "parameters": {}}', /use a newer one/],
    ['{"version": 1}', /does not read it/],
  ])('is refused where it is %s', (text, message) => {
    expect(() => parseBase(text)).toThrow(message);
  });
});
