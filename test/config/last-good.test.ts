import { describe, expect, test } from '@jest/globals';
import type { CompiledConfig } from '../../src/config/compile.ts';
import { compiled, ids, lines, onPort, tree } from './trees.ts';

const BAD = 'match: { dsport: 1 }';

/** Compiles trees one after the other, each with what the one before left as good. */
function history(...texts: Record<string, string>[]): CompiledConfig {
  let config = compiled({}, {});
  for (const tree of texts) config = compiled(tree, { previous: config.good });
  return config;
}

/** The port that a rule of `onPort` matches. */
function portOf(config: CompiledConfig, id: string): number | undefined {
  const rule = config.snapshot.rules.find((rule) => rule.id === id);
  const [numbers] =
    (rule?.match as { test: { in: { numbers: number[][] } } } | undefined)?.test.in.numbers ?? [];
  return numbers?.[0];
}

describe('rules', () => {
  test('A bad text leaves the last good version in force, however often it is read', () => {
    const config = history(
      { 'rules/a': onPort(1) },
      { 'rules/a': BAD },
      { 'rules/a': BAD },
      { 'rules/a': 'x: [' },
    );
    expect(portOf(config, 'a')).toBe(1);
    expect(lines(config.problems)).toHaveLength(1);
  });

  test('The newest good version counts, not the first', () => {
    expect(
      portOf(history({ 'rules/a': onPort(1) }, { 'rules/a': onPort(2) }, { 'rules/a': BAD }), 'a'),
    ).toBe(2);
  });

  test('Its entry says so', () => {
    const config = history({ 'rules/a': onPort(1) }, { 'rules/a': BAD, 'rules/b': BAD });
    expect(config.rules.map(({ id, state }) => [id, state])).toEqual([
      ['a', 'kept'],
      ['b', 'bad'],
    ]);
    expect(ids(config)).toEqual(['a']);
  });

  test('A rule that was deleted is gone, and does not come back', () => {
    expect(ids(history({ 'rules/a': onPort(1) }, {}))).toEqual([]);
    expect(ids(history({ 'rules/a': onPort(1) }, {}, { 'rules/a': BAD }))).toEqual([]);
  });

  test('A rule that was switched off stays off while its text is bad', () => {
    const config = history(
      { 'rules/a': onPort(1) },
      { 'rules/a': onPort(1, 'enabled: false') },
      { 'rules/a': BAD },
    );
    expect(ids(config)).toEqual([]);
  });

  test('A text of several that cannot be read at all keeps each', () => {
    const many = `id: a\n${onPort(1)}---\nid: b\n${onPort(2)}`;
    expect(ids(history({ 'rules/m': many }, { 'rules/m': 'a: [' }))).toEqual(['a', 'b']);
  });

  test('Each rule of a text has its own last good version', () => {
    const text = (a: string, b: string) => `id: a\n${a}---\nid: b\n${b}`;
    const config = history(
      { 'rules/m': text(onPort(1), onPort(2)) },
      { 'rules/m': text(`${BAD}\n`, onPort(3)) },
      { 'rules/m': text(`${BAD}\n`, `${BAD}\n`) },
    );
    expect([portOf(config, 'a'), portOf(config, 'b')]).toEqual([1, 3]);
  });

  test('A rule whose id became bad stays under its old one', () => {
    expect(
      ids(history({ 'rules/m': `id: a\n${onPort(1)}` }, { 'rules/m': `id: A_\n${onPort(1)}` })),
    ).toEqual(['a']);
  });

  test('A rule that moved to another path is not kept twice', () => {
    const config = history(
      { 'rules/x': `id: a\n${onPort(1)}` },
      { 'rules/y': `id: a\n${onPort(2)}`, 'rules/x': 'a: [' },
    );
    expect(portOf(config, 'a')).toBe(2);
  });

  test('A last good version that an older service wrote and this one refuses is not in force', () => {
    const config = compiled(
      { 'rules/a': BAD },
      { previous: { 'rule a': { path: 'rules/a', origin: 'a', text: 'match: { gone: [] }' } } },
    );
    expect(ids(config)).toEqual([]);
  });
});

describe('lists, filters and settings', () => {
  const user = { 'rules/a': 'match: { dstport: $l }' };

  test('A bad list keeps its last good values', () => {
    const config = history(
      { ...user, 'lists/l': 'values: [1]' },
      { ...user, 'lists/l': 'values: 5' },
    );
    expect(config.snapshot.lists.l.numbers).toEqual([[1, 1]]);
    expect(ids(config)).toEqual(['a']);
    expect(lines(config.problems)).toEqual([expect.stringContaining('/t/lists/l:1 l values')]);
  });

  test('Of a list in parts only the bad one is old', () => {
    const config = history(
      { ...user, 'lists/l/1': 'values: [1]', 'lists/l/2': 'values: [10]' },
      { ...user, 'lists/l/1': 'values: [2]', 'lists/l/2': 'values: x' },
    );
    expect(config.snapshot.lists.l.numbers).toEqual([
      [2, 2],
      [10, 10],
    ]);
  });

  test('A list that is deleted while rules name it stays, and that is told', () => {
    const before = { ...user, 'lists/l/1': 'values: [1]', 'lists/l/2': 'values: [5]' };
    for (const config of [history(before, user), history(before, user, user)]) {
      expect(config.snapshot.lists.l.numbers).toEqual([
        [1, 1],
        [5, 5],
      ]);
      expect(ids(config)).toEqual(['a']);
      expect(lines(config.problems)).toEqual([
        '/t/lists/l/1:1 l: the list $l is gone but still named by rules or filters; its last values stay in force (put it back, or take it out of them)',
      ]);
    }
  });

  test('Once nobody names it, it is forgotten', () => {
    const before = { ...user, 'lists/l': 'values: [1]' };
    expect(lines(history(before, { 'rules/a': onPort(1) }).problems)).toEqual([]);
    expect(
      ids(history(before, { 'rules/a': onPort(1) }, { 'rules/b': 'match: { dstport: $l }' })),
    ).toEqual([]);
  });

  test('A bad filter keeps its last good version; a deleted one is gone', () => {
    const filter = 'rules: [a]\nmatch: { dstport: 1 }';
    const rules = { 'rules/a': onPort(1) };
    expect(
      history({ ...rules, 'filters/f': filter }, { ...rules, 'filters/f': 'rules: a' }).snapshot
        .filters,
    ).toHaveLength(1);
    expect(history({ ...rules, 'filters/f': filter }, rules).snapshot.filters).toEqual([]);
    expect(history({ ...rules, 'filters/f': 'rules: a' }).snapshot.filters).toEqual([]);
  });

  test('Bad settings keep the last good ones', () => {
    expect(
      history({ settings: 'settle: 1m' }, { settings: 'settle: soon' }).snapshot.settings.settle,
    ).toBe(60);
    expect(history({ settings: 'settle: 1m' }, {}).snapshot.settings.settle).toBe(300);
  });
});

test('What is kept as good gives the same snapshot again', () => {
  const first = compiled({
    settings: 'settle: 1m',
    'lists/l': 'values: [1]',
    'rules/m': `# a remark\nid: a\nmatch: { dstport: $l }\n---\nid: b\n${onPort(2)}`,
    'filters/f': 'rules: "*"\nmatch: { dstport: 9 }',
  });
  const broken = tree({ settings: 'x: 1', 'lists/l': 'x', 'rules/m': 'x: [', 'filters/f': '[' });
  const texts = Object.fromEntries(broken.map(({ path, text }) => [path, text]));
  expect(compiled(texts, { previous: first.good }).snapshot).toEqual(first.snapshot);
  expect(compiled(texts, { previous: JSON.parse(JSON.stringify(first.good)) }).good).toEqual(
    first.good,
  );
});
