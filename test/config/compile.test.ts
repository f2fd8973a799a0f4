import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkTree } from '../../src/config/check.ts';
import { compileConfig } from '../../src/config/compile.ts';
import { TEST_ALERT_RULE } from '../../src/config/system-rules.ts';
import { compiled, ids, lines, onPort, tree } from './trees.ts';

const builtin = tree({
  'rules/scan': onPort(1, 'tags: [recon]'),
  'rules/ssh': onPort(22, 'tags: [remote]'),
  'rules/rdp': onPort(3389, 'tags: [remote]'),
});

describe('built-in rules', () => {
  test.each([
    ['builtin: true', ['rdp', 'scan', 'ssh']],
    ['builtin: false', []],
    ['builtin: [ssh]', ['ssh']],
    ['builtin: [remote]', ['rdp', 'ssh']],
    ['builtin: [recon, ssh]', ['scan', 'ssh']],
  ])('%s', (settings, inForce) => {
    expect(ids(compiled({ settings }, { builtin }))).toEqual(inForce);
    expect(ids(compiled({ settings }, { builtin, builtinDefault: true }))).toEqual(
      [...inForce, 'test-alert'].sort(),
    );
  });

  test('A deployed service has them unless settings say otherwise, a folder only if they say so', () => {
    expect(ids(compiled({}, { builtin, builtinDefault: true }))).toEqual([
      'rdp',
      'scan',
      'ssh',
      'test-alert',
    ]);
    expect(ids(compiled({}, { builtin }))).toEqual([]);
    expect(ids(checkTree(tree({}), { builtin }))).toEqual([]);
    expect(ids(checkTree(tree({ settings: 'builtin: true' }), { builtin }))).toEqual([
      'rdp',
      'scan',
      'ssh',
    ]);
  });

  test('A name that none has gets a warning', () => {
    expect(
      lines(compiled({ settings: 'builtin: [shs, remote]' }, { builtin }).problems, 'warning'),
    ).toEqual([
      '/t/settings:1 builtin: no built-in rule has the id or tag "shs" (did you mean ssh?)',
    ]);
  });

  test('A rule of the same id replaces one, and may switch it off', () => {
    const config = compiled(
      { settings: 'builtin: true', 'rules/ssh': onPort(2222), 'rules/rdp': 'enabled: false' },
      { builtin },
    );
    expect(lines(config.problems)).toEqual([]);
    expect(config.snapshot.rules).toMatchObject([
      { id: 'scan' },
      { id: 'ssh', match: { test: { in: { numbers: [[2222, 2222]] } } } },
    ]);
    expect(config.rules.map(({ id, builtin, state }) => [id, builtin, state])).toEqual([
      ['rdp', false, 'disabled'],
      ['ssh', false, 'in force'],
      ['rdp', true, 'replaced'],
      ['scan', true, 'in force'],
      ['ssh', true, 'replaced'],
    ]);
  });

  test('A bad rule of the same id does not take the built-in one away', () => {
    const config = compiled(
      { settings: 'builtin: true', 'rules/ssh': 'match: { dsport: 1 }' },
      { builtin },
    );
    expect(lines(config.problems)).toHaveLength(1);
    expect(ids(config)).toEqual(['rdp', 'scan', 'ssh']);
  });

  test('A filter may name one that is left out', () => {
    const { problems } = compiled(
      { settings: 'builtin: [ssh]', 'filters/f': 'rules: [rdp, recon]\nmatch: { dstport: 1 }' },
      { builtin },
    );
    expect(lines(problems, 'warning')).toEqual([]);
  });
});

describe('the test alert', () => {
  test('It is there when deployed, whatever settings say, and not in a folder', () => {
    const deployed = compiled({ settings: 'builtin: false' }, { builtinDefault: true });
    expect(deployed.snapshot.rules).toEqual([TEST_ALERT_RULE]);
    expect(ids(compiled({ settings: 'builtin: true' }))).toEqual([]);
  });

  test('Nobody can take its id', () => {
    const config = compiled({ 'rules/test-alert': onPort(22) }, { builtinDefault: true });
    expect(lines(config.problems)).toEqual([
      '/t/rules/test-alert:1 test-alert id: the id test-alert belongs to a rule of the service itself (choose another id)',
    ]);
    expect(config.snapshot.rules).toEqual([TEST_ALERT_RULE]);
  });
});

describe('one bad document', () => {
  const good = { 'rules/a': onPort(1), 'rules/m': `id: b\n${onPort(2)}---\nid: c\n${onPort(3)}` };

  test.each([
    ['rules/x', 'match: { dsport: 1 }'],
    ['rules/x', 'not: [yaml'],
    ['rules/x', '*'],
    ['rules/x', '{{'],
    ['rules/x', `id: x\n${onPort(4)}---\nid: y\nmatch: 5`],
    ['lists/x', 'values: [10.0.0.1/8]'],
    ['filters/x', 'rules: "*"'],
    ['settings', 'builtin: maybe'],
    ['nowhere', 'x: 1'],
  ])('at %s: %j disables nothing else', (path, text) => {
    const config = compiled({ ...good, [path]: text });
    expect(lines(config.problems).length).toBeGreaterThan(0);
    expect(ids(config)).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  });

  test('Of several rules in a text only the bad one falls', () => {
    const config = compiled({
      'rules/m': `id: a\n${onPort(1)}---\nid: b\nmatch: 5\n---\nid: c\n${onPort(3)}`,
    });
    expect(ids(config)).toEqual(['a', 'c']);
    expect(lines(config.problems)).toEqual([
      '/t/rules/m:5 b match: found 5; a block of field: condition is wanted',
    ]);
  });
});

test('The snapshot does not depend on the order of the documents', () => {
  const documents = [
    ...tree({
      settings: 'builtin: true',
      'rules/b': onPort(2),
      'rules/a': onPort(1, 'tags: [x]'),
      'lists/l/1': 'values: [1]',
      'lists/l/2': 'values: [0]',
      'rules/c': 'match: { dstport: $l }',
      'filters/g': 'rules: [x, b]\nmatch: { dstport: $l }',
      'filters/f': 'rules: "*"\nmatch: { srcaddr: $private }',
      'rules/bad': 'match: 1',
    }),
  ];
  const compile = (shuffled: typeof documents) => {
    const options = { builtin, formats: { '/b': ['x'], '/a': ['y'] }, builtinDefault: true };
    return JSON.stringify(compileConfig(shuffled, options).snapshot);
  };
  const wanted = compile(documents);
  fc.assert(
    fc.property(fc.shuffledSubarray(documents, { minLength: documents.length }), (shuffled) => {
      expect(compile(shuffled)).toBe(wanted);
    }),
  );
});

test('The snapshot is plain JSON without tests or anything else of a document', () => {
  const { snapshot } = compiled({
    'rules/a': onPort(1, 'tests: [{ name: secret story, flows: [{}], expect: [{}] }]'),
  });
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  expect(JSON.stringify(snapshot)).not.toContain('secret story');
});

test('A disabled rule is left out', () => {
  const config = compiled({ 'rules/a': onPort(1, 'enabled: false'), 'rules/b': onPort(2) });
  expect(ids(config)).toEqual(['b']);
  expect(config.rules.map(({ state }) => state)).toEqual(['disabled', 'in force']);
});
