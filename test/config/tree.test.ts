import { describe, expect, test } from '@jest/globals';
import { compileConfig } from '../../src/config/compile.ts';
import { compiled, ids, lines, onPort, tree } from './trees.ts';

describe('places of documents', () => {
  test('Rules stand in any subfolder; the id is the document’s, else the last of the path', () => {
    const config = compiled({
      'rules/ssh': onPort(22),
      'rules/team/web/https': onPort(443),
      'rules/team/x': onPort(1, 'id: other'),
      'rules/many': `id: a\n${onPort(1)}\n---\nid: b\n${onPort(2)}`,
    });
    expect(lines(config.problems)).toEqual([]);
    expect(ids(config)).toEqual(['a', 'b', 'https', 'other', 'ssh']);
  });

  test.each([
    [
      'rule/ssh',
      '"rule/ssh" is no place for a document; there are settings and rules/, lists/, filters/, silences/, channels/ (did you mean rules?)',
    ],
    [
      'settings/x',
      '"settings/x" is no place for a document; there are settings and rules/, lists/, filters/, silences/, channels/ (did you mean settings?)',
    ],
    [
      'lists',
      '"lists" is no place for a document; there are settings and rules/, lists/, filters/, silences/, channels/ (did you mean lists?)',
    ],
    ['rules/lists/x', 'a folder of rules cannot be called lists'],
    ['rules/a/filters/x', 'a folder of rules cannot be called filters'],
    ['rules/a/silences/b/x', 'a folder of rules cannot be called silences'],
    ['rules/channels/x', 'a folder of rules cannot be called channels'],
    ['rules/settings', 'a rule cannot be called settings: on disk that is the settings file'],
    ['rules/my rule', '"my rule" cannot be part of a parameter name (use a-z, 0-9 and -)'],
    ['lists/a/b/c', 'lists are lists/NAME or, in parts, lists/NAME/PART'],
    [`rules/${'a/'.repeat(12)}b`, 'the path has more than 13 levels'],
  ])('%s is refused', (path, message) => {
    const config = compiled({ [path]: onPort(22) });
    expect(lines(config.problems)).toEqual([`/t/${path}:1: ${message}`]);
    expect(ids(config)).toEqual([]);
  });

  test.each(['rules/a/lists', 'rules/filters', 'rules/a/settings', `rules/${'a/'.repeat(11)}b`])(
    '%s is a rule like any other',
    (path) => {
      expect(lines(compiled({ [path]: onPort(22) }).problems)).toEqual([]);
    },
  );

  test('Channels are not looked into, not even for mistakes', () => {
    const config = compiled({ 'silences/x': 'nonsense: [', 'channels/slack': '{{ secret' });
    expect(config.problems.map(({ origin }) => origin)).toEqual(['/t/silences/x']);
  });

  test('Two files may not have one path', () => {
    const documents = [
      { path: 'rules/a', text: onPort(1, 'id: one'), origin: 'a.yaml' },
      { path: 'rules/a', text: onPort(2, 'id: two'), origin: 'a.yml' },
    ];
    const config = compileConfig(documents, { builtin: [], formats: {}, builtinDefault: false });
    expect(lines(config.problems)).toEqual([
      'a.yml:1: a.yaml has the same path, rules/a (keep one of them)',
    ]);
    expect(ids(config)).toEqual(['one']);
  });
});

describe('bounds of a text', () => {
  const sized = (bytes: number) => `${onPort(22)}# é`.padEnd(bytes - 1, 'x');

  test('8,192 bytes are the most, counted in bytes', () => {
    expect(lines(compiled({ 'rules/a': sized(8_192) }).problems)).toEqual([]);
    expect(lines(compiled({ 'rules/a': sized(8_193) }).problems)).toEqual([
      '/t/rules/a:1 a: 8193 bytes; Parameter Store takes 8192 at most (split it)',
    ]);
  });

  test('A text of several rules counts whole', () => {
    const text = `id: a\n${onPort(1)}# ${'x'.repeat(5_000)}\n---\nid: b\n${onPort(2)}# ${'x'.repeat(5_000)}`;
    const config = compiled({ 'rules/many': text });
    expect(lines(config.problems)).toHaveLength(1);
    expect(ids(config)).toEqual([]);
  });

  test('A list may be longer, since it is pushed in parts; a part may not', () => {
    const values = Array.from({ length: 3_000 }, (_, index) => index);
    const text = `values: [${values.join(', ')}]`;
    expect(lines(compiled({ 'lists/big': text }).problems)).toEqual([]);
    expect(lines(compiled({ 'lists/big/1': text }).problems)).toEqual([
      expect.stringContaining('Parameter Store takes 8192 at most (split it)'),
    ]);
  });

  test('Doubled braces are refused, single ones are not', () => {
    expect(
      lines(compiled({ 'rules/a': `${onPort(22)}message: "{dstport} {{x}}"` }).problems),
    ).toEqual([
      '/t/rules/a:2 a: found {{, which Parameter Store refuses (put a space between the braces, or single braces in a message)',
    ]);
    expect(lines(compiled({ 'rules/a': 'match: {any: [{not: {dstport: 22}}]}' }).problems)).toEqual(
      [],
    );
  });
});

describe('one id twice', () => {
  const twice = (first: number | undefined, second: number | undefined) => {
    const [a, b] = tree({ 'rules/a': onPort(1, 'id: ssh'), 'rules/b': onPort(2, 'id: ssh') });
    const documents = [
      { ...a, ...(first !== undefined && { modified: first }) },
      { ...b, ...(second !== undefined && { modified: second }) },
    ];
    return compileConfig(documents, { builtin: [], formats: {}, builtinDefault: false });
  };

  test.each([
    [1, 2, 'a'],
    [2, 1, 'b'],
    [undefined, undefined, 'a'],
    [undefined, 5, 'b'],
    [3, 3, 'a'],
  ])('modified at %s and %s, %s stays in force', (first, second, winner) => {
    const config = twice(first, second);
    const loser = winner === 'a' ? 'b' : 'a';
    expect(lines(config.problems)).toEqual([
      `/t/rules/${loser}:1 ssh id: the id ssh is taken by /t/rules/${winner}:1, which stays in force (give one of them another id)`,
    ]);
    expect(config.snapshot.rules).toMatchObject([
      {
        id: 'ssh',
        match: { test: { in: { numbers: [[winner === 'a' ? 1 : 2, winner === 'a' ? 1 : 2]] } } },
      },
    ]);
    expect(config.rules.map(({ path, state }) => [path, state]).sort()).toEqual(
      [
        [`rules/${winner}`, 'in force'],
        [`rules/${loser}`, 'duplicate'],
      ].sort(),
    );
  });

  test('Within one text the first stays', () => {
    const config = compiled({ 'rules/m': `id: x\n${onPort(1)}---\nid: x\n${onPort(2)}` });
    expect(lines(config.problems)).toEqual([
      '/t/rules/m:4 x id: the id x is taken by /t/rules/m:1, which stays in force (give one of them another id)',
    ]);
    expect(config.snapshot.rules).toHaveLength(1);
  });

  test('A document without id takes its path’s last element, which may be taken too', () => {
    const config = compiled({ 'rules/a/ssh': onPort(1), 'rules/b/ssh': onPort(2) });
    expect(lines(config.problems)).toHaveLength(1);
  });
});

test('A file name that is no id needs an id in the document', () => {
  expect(lines(compiled({ 'rules/My_Rule': onPort(22) }).problems)).toEqual([
    '/t/rules/My_Rule:1 My_Rule: the file name "My_Rule" is no id, and the document has none (give the rule an id of a-z, 0-9 and hyphens)',
  ]);
  expect(lines(compiled({ 'rules/My_Rule': onPort(22, 'id: mine') }).problems)).toEqual([]);
});
