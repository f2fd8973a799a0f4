import { describe, expect, test } from '@jest/globals';
import { compiled, lines, onPort } from './trees.ts';

const RULES = {
  'rules/ssh': onPort(22, 'tags: [attack.t1021.004, remote]'),
  'rules/rdp': onPort(3389, 'tags: [remote]'),
  'rules/off': onPort(1, 'enabled: false\ntags: [sleeping]'),
  'rules/bad': 'nonsense: 1\ntags: [broken]',
};
const filtered = (text: string) => compiled({ ...RULES, 'filters/f': text });
const rulesOf = (rules: string) =>
  filtered(`rules: ${rules}\nmatch: { dstport: 22 }`).snapshot.filters.map(
    (filter) => filter.rules,
  );
const problemsOf = (text: string, severity: 'error' | 'warning' = 'error') =>
  lines(
    filtered(text).problems.filter(({ origin }) => origin === '/t/filters/f'),
    severity,
  );

describe('filters', () => {
  test('Every key arrives in the normal form', () => {
    const { snapshot } = filtered(
      'rules: [ssh]\nmatch: { srcaddr: $bogon }\nuntil: 2026-12-31T18:00:00+01:00\nreason: a test',
    );
    expect(snapshot.filters).toEqual([
      {
        id: 'f',
        rules: ['ssh'],
        match: { field: 'srcaddr', test: { in: { lists: ['bogon'] } }, path: 'match.srcaddr' },
        until: Date.UTC(2026, 11, 31, 17) / 1000,
        reason: 'a test',
      },
    ]);
    expect(Object.keys(snapshot.lists)).toEqual(['bogon', 'internal']);
  });

  test.each([
    ['[ssh]', [['ssh']]],
    ['ssh', [['ssh']]],
    ['[remote]', [['rdp', 'ssh']]],
    ['[attack.t1021.004, rdp, ssh]', [['rdp', 'ssh']]],
    ['"*"', [['rdp', 'ssh']]],
    ['["*"]', [['rdp', 'ssh']]],
    ['[off]', []],
  ])('rules: %s apply to %j', (rules, resolved) => {
    expect(rulesOf(rules)).toEqual(resolved);
  });

  test.each([
    ['[shs]', ['/t/filters/f:1 f rules[0]: no rule has the id or tag "shs" (did you mean ssh?)']],
    [
      '[ssh, nobody-has-this]',
      ['/t/filters/f:1 f rules[1]: no rule has the id or tag "nobody-has-this"'],
    ],
    ['remot', ['/t/filters/f:1 f rules: no rule has the id or tag "remot" (did you mean remote?)']],
    ['[off, sleeping, bad, broken]', []],
    ['["*"]', []],
  ])('rules: %s warn of %j', (rules, warnings) => {
    expect(problemsOf(`rules: ${rules}\nmatch: { dstport: 22 }`, 'warning')).toEqual(warnings);
  });

  test.each([
    ['rules: [ssh]', '/t/filters/f:1 f match: is missing; wanted: a block of conditions'],
    [
      'match: { dstport: 22 }',
      '/t/filters/f:1 f rules: is missing; wanted: a list of rule ids, tags or "*"',
    ],
    ['rules: []\nmatch: { dstport: 22 }', '/t/filters/f:1 f rules: found an empty list'],
    ['rules: [ssh]\nmatch: {}', '/t/filters/f:2 f match: found an empty block'],
    ['rules: [ssh]\nmatch: { dsport: 1 }', '/t/filters/f:2 f match.dsport: there is no field'],
    [
      'rules: [ssh]\nmatch: { dstport: 1 }\nuntil: soon',
      '/t/filters/f:3 f until: found "soon"; wanted: a day like',
    ],
    ['rules: [ssh]\nmatch: { dstport: 1 }\nuntil: 2026-12-31T18:00:00', 'with Z or an offset'],
    [
      'rules: [ssh]\nmatch: { dstport: 1 }\nuntil: 2026-13-31',
      '"2026-13-31" is no day or time there is',
    ],
    ['rules: [ssh]\nmatch: { dstport: 1 }\nunitl: 2026-12-31', '(did you mean until?)'],
    ['rules: [ssh]\nmatch: { dstport: 1 }\n---\nrules: [rdp]', 'a second document in one text'],
    ['match: [', 'not valid YAML'],
  ])('%j is refused, and not in force', (text, message) => {
    expect(problemsOf(text).join('\n')).toContain(message);
    expect(filtered(text).snapshot.filters).toEqual([]);
  });

  test('A day ends at midnight UTC; without until a filter is for ever', () => {
    const until = (line: string) =>
      filtered(`rules: [ssh]\nmatch: { dstport: 22 }\n${line}`).snapshot.filters[0];
    expect(until('until: 2026-12-31').until).toBe(Date.UTC(2026, 11, 31) / 1000);
    expect('until' in until('')).toBe(false);
  });

  test('A star leaves the test alert alone', () => {
    const { snapshot } = compiled(
      { ...RULES, 'filters/f': 'rules: "*"\nmatch: { dstport: 22 }' },
      { builtinDefault: true },
    );
    expect(snapshot.rules.map(({ id }) => id)).toContain('test-alert');
    expect(snapshot.filters[0].rules).toEqual(['rdp', 'ssh']);
  });
});
