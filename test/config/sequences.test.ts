import { describe, expect, test } from '@jest/globals';
import type { CompiledConfig } from '../../src/config/compile.ts';
import { compiled, ids, lines, onPort, tree } from './trees.ts';

const scan = 'match: { action: REJECT }\nby: [srcaddr, dstaddr]\n';
const sequence = (...rules: string[]) =>
  `detect: { sequence: [${[...rules.map((id) => `{ rule: ${id} }`), '{ match: { dstport: 22 } }'].join(', ')}] }
by: [srcaddr]
window: 10m
`;
const states = ({ rules }: CompiledConfig) =>
  Object.fromEntries(rules.map(({ id, state }) => [id, state]));

describe('a sequence that waits for another rule', () => {
  test('is in force where that rule is and tells its groups apart', () => {
    const config = compiled({ 'rules/scan': scan, 'rules/seq': sequence('scan') });
    expect(lines(config.problems)).toEqual([]);
    expect(ids(config)).toEqual(['scan', 'seq']);
  });

  test.each([
    ['is not there', {}, 'there is no rule scan, so seq could never fire'],
    [
      'has another name',
      { 'rules/scans': scan },
      'there is no rule scan, so seq could never fire (did you mean scans?)',
    ],
    [
      'is disabled',
      { 'rules/scan': `${scan}enabled: false` },
      'the rule scan is disabled, so seq could never fire (enable scan, with mode: signal if it should notify nobody, or disable seq too)',
    ],
    [
      'has errors',
      { 'rules/scan': 'match: { dsport: 1 }' },
      'the rule scan has errors and is not in force, so seq could never fire (mend scan)',
    ],
    [
      'groups by something else',
      { 'rules/scan': 'match: { action: REJECT }\nby: [dstaddr]' },
      'the rule scan does not group by srcaddr, as seq does: whose firings they are cannot be told (add srcaddr to by of scan, or take it out here)',
    ],
  ])('falls alone where that rule %s', (_, others, message) => {
    const config = compiled({ 'rules/a': onPort(1), 'rules/seq': sequence('scan'), ...others });
    expect(lines(config.problems)).toContain(
      `/t/rules/seq:1 seq detect.sequence[0].rule: ${message}`,
    );
    expect(ids(config)).not.toContain('seq');
    expect(ids(config)).toContain('a');
    expect(states(config)).toMatchObject({ seq: 'bad', a: 'in force' });
  });

  test('cannot be one that waits for it, by however many others', () => {
    const config = compiled({
      'rules/a': sequence('b'),
      'rules/b': sequence('c'),
      'rules/c': sequence('a'),
      'rules/d': sequence('scan'),
      'rules/scan': scan,
    });
    expect(ids(config)).toEqual(['d', 'scan']);
    expect(lines(config.problems)).toEqual([
      '/t/rules/a:1 a detect.sequence[0].rule: a waits for b, which waits for a: a -> b -> c -> a (take one of these steps out)',
      '/t/rules/b:1 b detect.sequence[0].rule: b waits for c, which waits for b: b -> c -> a -> b (take one of these steps out)',
      '/t/rules/c:1 c detect.sequence[0].rule: c waits for a, which waits for c: c -> a -> b -> c (take one of these steps out)',
    ]);
  });

  test('cannot wait for itself', () => {
    expect(lines(compiled({ 'rules/seq': sequence('seq') }).problems)).toEqual([
      '/t/rules/seq:1 seq detect.sequence[0].rule: seq waits for itself (write its conditions into a step of its own)',
    ]);
  });

  test('takes those with it that wait for it', () => {
    const config = compiled({ 'rules/a': sequence('b'), 'rules/b': sequence('gone') });
    expect(ids(config)).toEqual([]);
    expect(lines(config.problems)).toEqual([
      '/t/rules/a:1 a detect.sequence[0].rule: the rule b has errors and is not in force, so a could never fire (mend b)',
      '/t/rules/b:1 b detect.sequence[0].rule: there is no rule gone, so b could never fire',
    ]);
  });

  test('goes back to its last good version, which is not replaced by the bad one', () => {
    const before = { 'rules/scan': scan, 'rules/seq': sequence('scan') };
    const broken = { ...before, 'rules/seq': `title: new\n${sequence('gone')}` };
    let config = compiled(before);
    for (let run = 0; run < 2; run++) {
      config = compiled(broken, { previous: config.good });
      expect(states(config)).toMatchObject({ seq: 'kept' });
      expect(config.snapshot.rules.find(({ id }) => id === 'seq')?.title).toBe('seq');
      expect(lines(config.problems)).toHaveLength(1);
    }
  });

  test('has no last good version to go back to where the other rule went away', () => {
    const before = compiled({ 'rules/scan': scan, 'rules/seq': sequence('scan') });
    const config = compiled({ 'rules/seq': sequence('scan') }, { previous: before.good });
    expect(ids(config)).toEqual([]);
    expect(lines(config.problems)).toHaveLength(1);
    const back = compiled(
      { 'rules/scan': scan, 'rules/seq': sequence('scan') },
      { previous: config.good },
    );
    expect(ids(back)).toEqual(['scan', 'seq']);
  });

  test('stays while the other rule is bad but has a last good version', () => {
    const before = compiled({ 'rules/scan': scan, 'rules/seq': sequence('scan') });
    const config = compiled(
      { 'rules/scan': 'match: { dsport: 1 }', 'rules/seq': sequence('scan') },
      { previous: before.good },
    );
    expect(ids(config)).toEqual(['scan', 'seq']);
    expect(lines(config.problems)).toHaveLength(1);
  });

  test('may wait for a built-in rule, if that is in force', () => {
    const builtin = tree({ 'rules/scan': scan });
    const own = { 'rules/seq': sequence('scan') };
    expect(ids(compiled({ ...own, settings: 'builtin: [scan]' }, { builtin }))).toEqual([
      'scan',
      'seq',
    ]);
    expect(lines(compiled(own, { builtin }).problems)).toEqual([
      '/t/rules/seq:1 seq detect.sequence[0].rule: the built-in rule scan is left out, so seq could never fire (name scan under builtin in the settings)',
    ]);
  });

  test('shows the line of its step', () => {
    const text = 'detect:\n  sequence:\n    - match: { dstport: 1 }\n    - rule: gone\nwindow: 5m';
    expect(lines(compiled({ 'rules/seq': text }).problems)).toEqual([
      expect.stringMatching(/^\/t\/rules\/seq:4 seq detect\.sequence\[1\]\.rule: /),
    ]);
  });
});

describe('a rule of mode signal', () => {
  test('is read by a sequence, or gets a warning', () => {
    const signal = `${scan}mode: signal`;
    const read = compiled({ 'rules/scan': signal, 'rules/seq': sequence('scan') });
    expect(lines(read.problems, 'warning')).toEqual([]);
    const unread = compiled({ 'rules/scan': signal });
    expect(lines(unread.problems, 'warning')).toEqual([
      '/t/rules/scan:1 scan mode: nothing reads it: no sequence in force has a step { rule: scan } (mode: live notifies, mode: shadow only counts)',
    ]);
    expect(ids(unread)).toEqual(['scan']);
  });

  test('is not read by a sequence that is not in force', () => {
    const config = compiled({
      'rules/scan': `${scan}mode: signal`,
      'rules/seq': sequence('scan', 'gone'),
    });
    expect(lines(config.problems, 'warning')).toHaveLength(1);
  });
});

test('Lists that only a share or a step names are in the snapshot', () => {
  const config = compiled({
    'lists/a': 'values: [10.0.0.0/8]',
    'lists/b': 'values: [22]',
    'lists/c': 'values: [23]',
    'rules/r': 'detect: { ratio: { of: { srcaddr: $a }, above: 50% } }\nwindow: 5m',
    'rules/s':
      'detect: { sequence: [{ match: { dstport: $b } }, { match: { dstport: 1 } }] }\nwindow: 5m',
  });
  expect(Object.keys(config.snapshot.lists)).toEqual(['a', 'b', 'internal']);
});
