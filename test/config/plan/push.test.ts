import { describe, expect, test } from '@jest/globals';
import { parametersOf } from '../../../src/config/plan/parameters.ts';
import { judgePush, startingAfresh } from '../../../src/config/plan/verdict.ts';
import { Refusal } from '../../../src/ports/refusal.ts';
import { compiled, lines, onPort } from '../trees.ts';
import { actions, Folder } from './sync.ts';

const longList = (count: number, from = 0) =>
  `values:\n${Array.from({ length: count }, (_, i) => `  - 10.${(i + from) >> 8}.${(i + from) & 255}.0/24\n`).join('')}`;
const texts = async ({ there }: Folder) =>
  Object.fromEntries((await there.read()).map(({ path, text }) => [path, text]));

describe('A push', () => {
  test('writes what is new or changed, leaves what is the same, and deletes nothing', async () => {
    const folder = new Folder({
      'rules/a': onPort(1),
      'rules/b': onPort(2),
      settings: 'settle: 1m',
    });
    await folder.push();
    await folder.there.put('rules/there', onPort(9), true);
    folder.there.calls.length = 0;
    folder.files['rules/b'] = onPort(3);
    folder.files['lists/new'] = 'values: [1]';
    expect(actions((await folder.plan()).steps)).toEqual({
      'lists/new': 'create',
      'rules/b': 'change',
      'rules/there': 'only there',
    });
    expect(await folder.push()).toMatchObject({ written: 2, deleted: 0, stopped: false });
    expect(folder.there.calls).toEqual(['put lists/new', 'put rules/b']);
    expect(await texts(folder)).toEqual({ ...folder.files, 'rules/there': onPort(9) });
  });

  test('that finds nothing to do writes nothing', async () => {
    const folder = new Folder({ 'rules/a': onPort(1), 'lists/long': longList(900) });
    await folder.push();
    folder.there.calls.length = 0;
    expect(await folder.push()).toMatchObject({ written: 0, deleted: 0 });
    expect(folder.there.calls).toEqual([]);
  });

  test('leaves a tree that compiles to what the folder compiles to', async () => {
    const folder = new Folder({
      'rules/a': 'match: { srcaddr: $long }',
      'rules/many': `id: b\n${onPort(1)}---\nid: c\n${onPort(2)}`,
      'lists/long': longList(1_000),
      'lists/ports': `values: [${Array.from({ length: 1_500 }, (_, i) => i + 1).join(', ')}]`,
      'filters/f': 'rules: "*"\nmatch: { dstport: $ports }',
      settings: 'settle: 1m',
    });
    await folder.push();
    const there = compiled(await texts(folder));
    expect(lines(there.problems)).toEqual([]);
    expect(there.snapshot).toEqual(compiled(folder.files).snapshot);
    expect(Object.keys(await texts(folder)).length).toBeGreaterThan(10);
  });

  test('puts lists first, rules before sequences that wait for them, then what names rules', async () => {
    const folder = new Folder({
      settings: 'settle: 1m',
      'silences/s': 'match: { rule: a }\nreason: x',
      'filters/f': 'rules: "*"\nmatch: { dstport: 9 }',
      'rules/a': 'detect:\n  sequence: [{ rule: b }, { rule: c }]\nby: [srcaddr]\nwindow: 5m',
      'rules/b':
        'detect:\n  sequence: [{ rule: d }, { match: { dstport: 4 } }]\nby: [srcaddr]\nwindow: 5m\nmode: signal',
      'rules/c': `${onPort(1)}by: [srcaddr]\nmode: signal`,
      'rules/d': `${onPort(1)}by: [srcaddr]\nmode: signal`,
      'lists/l': 'values: [1]',
    });
    await folder.push();
    expect(folder.there.calls).toEqual(
      [
        'lists/l',
        'rules/c',
        'rules/d',
        'rules/b',
        'rules/a',
        'filters/f',
        'silences/s',
        'settings',
      ].map((path) => `put ${path}`),
    );
  });

  test('with prune deletes what the folder lacks, at the end, lists last, ten at a time', async () => {
    const ports = Array.from({ length: 12 }, (_, i) => i + 10);
    const rules = Object.fromEntries(ports.map((port) => [`rules/r${port}`, onPort(port)]));
    const folder = new Folder({
      ...rules,
      'lists/l': 'values: [1]',
      'filters/f': 'rules: r10\nmatch: { dstport: 1 }',
    });
    await folder.push();
    folder.there.calls.length = 0;
    folder.files = { 'rules/new': onPort(1) };
    expect(await folder.push({ prune: true })).toMatchObject({ written: 1, deleted: 14 });
    const [put, first, second, ...rest] = folder.there.calls;
    expect([put, rest]).toEqual(['put rules/new', []]);
    expect(first).toMatch(/^delete filters\/f rules\//);
    expect(second).toMatch(/ lists\/l$/);
  });

  test('with prune leaves silences to who makes them, unless the folder has silences too', async () => {
    const folder = new Folder({ 'rules/a': onPort(1) });
    await folder.push();
    await folder.there.put('silences/now', 'reason: x', true);
    expect(actions((await folder.plan({ prune: true })).steps)).toEqual({
      'silences/now': 'only there',
    });
    folder.files['silences/ours'] = 'reason: y';
    expect(actions((await folder.plan({ prune: true, force: true })).steps)).toEqual({
      'silences/now': 'delete',
      'silences/ours': 'create',
    });
  });

  test('writes at most every 400 ms', async () => {
    const folder = new Folder({ 'rules/a': onPort(1), 'rules/b': onPort(2), 'rules/c': onPort(3) });
    await folder.push();
    expect(folder.waited).toBe(800);
  });

  test('waits and tries again where it is throttled, and gives up in the end', async () => {
    const folder = new Folder({ 'rules/a': onPort(1) });
    let left = 2;
    const writer = {
      put: async (path: string, text: string, create: boolean) => {
        if (left-- > 0) throw new Refusal('throttled', 'Rate exceeded');
        return folder.there.put(path, text, create);
      },
      delete: async () => {},
      history: async () => [],
    };
    expect(await folder.push({ writer })).toMatchObject({ written: 1 });
    expect(folder.waited).toBeGreaterThan(2_000);
    left = Infinity;
    folder.files['rules/a'] = onPort(2);
    await expect(folder.push({ writer })).rejects.toThrow('Rate exceeded');
  });
});

describe('A push that stops half-way', () => {
  test('leaves the documents before it, and the next one goes on', async () => {
    const folder = new Folder({ 'rules/a': onPort(1), 'rules/b': onPort(2), 'rules/c': onPort(3) });
    const stop = new AbortController();
    const run = await folder.push({ stop: stop.signal, onDone: () => stop.abort() });
    expect(run).toMatchObject({ written: 1, stopped: true });
    expect(Object.keys(await texts(folder))).toEqual(['rules/a']);
    expect(await folder.push()).toMatchObject({ written: 2, stopped: false });
    expect(await texts(folder)).toEqual(folder.files);
  });

  test('goes on within a list as well, and takes its own half for no conflict', async () => {
    const folder = new Folder({ 'lists/long': longList(1_000) });
    await folder.push();
    folder.files['lists/long'] = longList(1_400, 50);
    for (let done = 0; ; done++) {
      const stop = new AbortController();
      const { stopped } = await folder.push({ stop: stop.signal, onDone: () => stop.abort() });
      if (!stopped) break;
      expect(done).toBeLessThan(20);
    }
    expect(Object.values((await folder.pull()).map(({ action }) => action))).toEqual(['unchanged']);
  });

  test('has every value in force that is on the list before and after', async () => {
    const folder = new Folder({ 'lists/long': longList(1_000) });
    await folder.push();
    for (const next of [longList(1_400), longList(900, 100), 'values: [10.0.200.0/24]']) {
      const before = folder.files['lists/long'];
      const stay = next.split('\n').filter((line) => before.includes(`${line}\n`));
      folder.files['lists/long'] = next;
      const seen: Promise<unknown>[] = [];
      await folder.push({
        onDone: () => {
          seen.push(
            texts(folder).then((now) => {
              const all = Object.values(now).join('\n');
              expect(stay.filter((line) => !all.includes(line))).toEqual([]);
            }),
          );
        },
      });
      await Promise.all(seen);
    }
  });
});

describe('A list that grows beyond a parameter, or shrinks to one', () => {
  test('leaves nothing of its former form, without prune', async () => {
    const folder = new Folder({ 'lists/l': 'values: [1]' });
    await folder.push();
    folder.files['lists/l'] = longList(1_000);
    await folder.push();
    const parts = parametersOf('lists/l', folder.files['lists/l']).map(({ path }) => path);
    expect(Object.keys(await texts(folder)).sort()).toEqual(parts);
    folder.files['lists/l'] = longList(500);
    await folder.push();
    expect(Object.keys(await texts(folder)).length).toBeLessThan(parts.length);
    folder.files['lists/l'] = 'values: [2]';
    await folder.push();
    expect(await texts(folder)).toEqual({ 'lists/l': 'values: [2]' });
  });

  test('keeps a part that somebody added by hand', async () => {
    const folder = new Folder({ 'lists/l': longList(1_000) });
    await folder.push();
    await folder.there.put('lists/l/mine', 'values: [9]', true);
    folder.files['lists/l'] = 'values: [2]';
    await folder.push();
    expect(Object.keys(await texts(folder)).sort()).toEqual(['lists/l', 'lists/l/mine']);
  });

  test('clashes with a file that is called as one of its parts', async () => {
    const folder = new Folder({ 'lists/l': longList(1_000), 'lists/l/2': 'values: [1]' });
    expect(lines((await folder.plan()).problems)).toEqual([
      '/t/lists/l/2:1: /t/lists/l is too long for one parameter and is pushed in parts, of which lists/l/2 is one (keep one of the two)',
    ]);
  });
});

describe('Somebody else', () => {
  const shared = async () => {
    const folder = new Folder({ 'rules/a': onPort(1), 'rules/b': onPort(2) });
    await folder.push();
    return folder;
  };

  test('who changed a document since is not overwritten unless forced', async () => {
    const folder = await shared();
    await folder.there.put('rules/a', onPort(7), false);
    folder.files['rules/a'] = onPort(8);
    expect(actions((await folder.plan()).steps)).toEqual({ 'rules/a': 'conflict' });
    expect(actions((await folder.plan({ force: true })).steps)).toEqual({ 'rules/a': 'change' });
  });

  test('who changed it to what the folder has, or back, is none to ask', async () => {
    const folder = await shared();
    await folder.there.put('rules/a', onPort(8), false);
    folder.files['rules/a'] = onPort(8);
    await folder.there.put('rules/b', onPort(7), false);
    await folder.there.put('rules/b', onPort(2), false);
    folder.files['rules/b'] = onPort(9);
    expect(actions((await folder.plan()).steps)).toEqual({ 'rules/b': 'change' });
  });

  test('who changed one that the folder still has as it was is not undone', async () => {
    const folder = await shared();
    await folder.there.put('rules/a', onPort(7), false);
    expect(actions((await folder.plan()).steps)).toEqual({ 'rules/a': 'conflict' });
  });

  test('who created or changed what is only there keeps it through a prune', async () => {
    const folder = await shared();
    await folder.there.put('rules/theirs', onPort(7), true);
    await folder.there.put('rules/b', onPort(7), false);
    folder.files = { 'rules/a': onPort(1) };
    expect(actions((await folder.plan()).steps)).toEqual({
      'rules/b': 'only there',
      'rules/theirs': 'only there',
    });
    expect(actions((await folder.plan({ prune: true })).steps)).toEqual({
      'rules/b': 'conflict',
      'rules/theirs': 'conflict',
    });
    expect(actions((await folder.plan({ prune: true, force: true })).steps)).toEqual({
      'rules/b': 'delete',
      'rules/theirs': 'delete',
    });
  });

  test('who deleted one gets it back', async () => {
    const folder = await shared();
    await folder.there.delete(['rules/a']);
    expect(actions((await folder.plan()).steps)).toEqual({ 'rules/a': 'create' });
  });

  test('is unknown to a folder that was never pushed or pulled, which counts', async () => {
    const folder = await shared();
    const other = new Folder({ 'rules/a': onPort(3) }, folder.there);
    expect(actions((await other.plan({ prune: true })).steps)).toEqual({
      'rules/a': 'change',
      'rules/b': 'delete',
    });
    await other.push();
    expect(actions((await other.plan({ prune: true })).steps)).toEqual({ 'rules/b': 'delete' });
  });

  test('who creates a document during the push is left alone and named', async () => {
    const folder = await shared();
    folder.files['rules/c'] = onPort(3);
    folder.files['rules/d'] = onPort(4);
    const onDone = () => void folder.there.put('rules/d', onPort(7), true);
    expect(await folder.push({ onDone })).toMatchObject({ written: 1, appeared: ['rules/d'] });
    expect(await texts(folder)).toMatchObject({ 'rules/d': onPort(7) });
  });

  test('who writes a document during the push is overwritten and named, with the version', async () => {
    const folder = await shared();
    folder.files['rules/a'] = onPort(3);
    folder.files['rules/b'] = onPort(4);
    const onDone = (path: string) => {
      if (path === 'rules/a') void folder.there.put('rules/b', onPort(7), false);
    };
    const { overtaken } = await folder.push({ onDone });
    expect(overtaken).toEqual([
      { path: 'rules/b', version: 2, user: 'arn:aws:iam::123456789012:user/memory' },
    ]);
  });

  test('is not suspected where the answer to our own write was lost', async () => {
    const folder = await shared();
    folder.files['rules/a'] = onPort(3);
    folder.files['rules/new'] = onPort(4);
    const { there } = folder;
    const writer = {
      put: async (path: string, text: string, create: boolean) => {
        await there.put(path, text, create);
        return there.put(path, text, create);
      },
      delete: async () => {},
      history: (path: string) => there.history(path),
    };
    expect(await folder.push({ writer })).toMatchObject({
      written: 2,
      appeared: [],
      overtaken: [],
    });
  });
});

describe('The verdict', () => {
  const judged = async (folder: Folder, options = {}) => judgePush(await folder.plan(options), []);

  test('is on the tree as it will be: a list that only the stage has is there', async () => {
    const folder = new Folder({ 'rules/a': 'match: { dstport: $ports }' });
    expect(lines((await judged(folder)).problems)).toHaveLength(1);
    await folder.there.put('lists/ports', 'values: [22]', true);
    expect(lines((await judged(folder)).problems)).toEqual([]);
    expect(lines((await judged(folder, { prune: true })).problems)).toHaveLength(1);
  });

  test('names files, not parameters', async () => {
    const folder = new Folder({ 'rules/a': 'match: { dstprt: 22 }' });
    expect(lines((await judged(folder)).problems)[0]).toMatch(/^\/t\/rules\/a:1 a match.dstprt/);
  });

  test('leaves out what is wrong there already, and has what the push makes wrong', async () => {
    const folder = new Folder({ 'rules/a': onPort(1) });
    await folder.there.put('rules/bad', 'match: { dstprt: 22 }', true);
    await folder.there.put('rules/l', 'match: { dstport: $l }', true);
    await folder.there.put('lists/l', 'values: [1]', true);
    const { problems, standing } = await judged(folder);
    expect([lines(problems), lines(standing)]).toMatchObject([
      [],
      [/dstprt/].map(() => expect.any(String)),
    ]);
    await folder.there.delete(['rules/l']);
    folder.files['rules/l'] = 'match: { dstport: $m }';
    expect(lines((await judged(folder)).problems)).toHaveLength(1);
  });

  test('knows two documents with one id, also where only one is in the folder', async () => {
    const folder = new Folder({ 'rules/moved': `id: a\n${onPort(1)}` });
    await folder.there.put('rules/a', onPort(1), true);
    expect(lines((await judged(folder)).problems)).toEqual([
      expect.stringMatching(/^\/t\/rules\/moved:1 a id: the id a is taken by .*rules\/a:1/),
    ]);
    expect(lines((await judged(folder, { prune: true })).problems)).toEqual([]);
  });

  test('refuses what Parameter Store refuses', async () => {
    const folder = new Folder({
      'rules/a': `${onPort(1)}message: "{{x}}"`,
      'rules/b': `${onPort(1)}# ${'x'.repeat(8_200)}`,
    });
    expect(lines((await judged(folder)).problems)).toEqual([
      expect.stringContaining('found {{, which Parameter Store refuses'),
      expect.stringContaining('Parameter Store takes 8192 at most'),
    ]);
  });

  test('names rules that forget what they know, and no others', async () => {
    const counting = (port: number, above: number) =>
      `${onPort(port)}detect: { count: { above: ${above} } }\nwindow: 5m`;
    const folder = new Folder({ 'rules/match': counting(1, 5), 'rules/threshold': counting(2, 5) });
    await folder.push();
    folder.files['rules/match'] = counting(3, 5);
    folder.files['rules/threshold'] = counting(2, 9);
    folder.files['rules/new'] = onPort(4);
    const { before, after } = await judged(folder);
    expect(startingAfresh(before.snapshot, after.snapshot)).toEqual(['match']);
  });
});
