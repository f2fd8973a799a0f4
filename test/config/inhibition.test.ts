import { describe, expect, test } from '@jest/globals';
import { compiled, ids, lines, onPort } from './trees.ts';

const scan = onPort(22, 'by: [srcaddr, dstaddr]\ntags: [probing]\nseverity: low');
const flood = (more: string) =>
  `match: { dstport: 80 }\ndetect: { count: { above: 5 } }\nwindow: 5m\nby: [srcaddr]\nseverity: high\n${more}`;
const errors = (text: string, more: Record<string, string> = {}) =>
  lines(compiled({ 'rules/scan': scan, 'rules/flood': text, ...more }).problems);
const warnings = (text: string, more: Record<string, string> = {}) =>
  lines(compiled({ 'rules/scan': scan, 'rules/flood': text, ...more }).problems, 'warning');

describe('a rule that inhibits others', () => {
  test('arrives in the normal form', () => {
    const text = flood('inhibits: { rules: [probing], severity: [low, info], equal: [srcaddr] }');
    const { snapshot, problems } = compiled({ 'rules/scan': scan, 'rules/flood': text });
    expect(lines(problems)).toEqual([]);
    expect(snapshot.rules.find(({ id }) => id === 'flood')?.inhibits).toEqual({
      rules: ['probing'],
      severity: ['low', 'info'],
      equal: ['srcaddr'],
    });
  });

  test.each([
    [
      'inhibits: { equal: [dstaddr] }',
      'inhibits.equal[0]: "dstaddr" is not in the group: by has srcaddr',
    ],
    ['inhibits: {}', 'inhibits.equal: is missing'],
    ['inhibits: { equal: [] }', 'inhibits.equal: found an empty list'],
    ['inhibits: { equal: [srcaddr], severity: [lwo] }', '(did you mean low?)'],
    ['inhibits: { equal: [srcaddr], rule: [scan] }', '(did you mean rules?)'],
  ])('%s is refused', (text, message) => {
    expect(errors(flood(text)).join('\n')).toContain(message);
  });

  test.each([
    'ratio: { of: { action: REJECT }, above: 0.5 }',
    'beacon: {}',
    'unanswered: { min: 3 }',
  ])('cannot be one that is judged late: %s', (detect) => {
    const text = `match: { dstport: 80 }\ndetect: { ${detect} }\nwindow: 5m\nby: [srcaddr]\ninhibits: { equal: [srcaddr] }`;
    expect(errors(text).join('\n')).toContain('too late to hold others back');
  });

  test('cannot wait for one that is judged late, by however many others', () => {
    const late = 'match: { dstport: 80 }\ndetect: { beacon: {} }\nwindow: 5m\nby: [srcaddr]';
    const step = (id: string, more = '') =>
      `detect: { sequence: [{ rule: ${id} }, { match: { dstport: 22 } }] }\nby: [srcaddr]\nwindow: 10m\n${more}`;
    const trees = (read: string) => ({
      'rules/late': late,
      'rules/early': onPort(23, 'by: [srcaddr]'),
      'rules/middle': step('late'),
      'rules/scan': scan,
      'rules/seq': step(read, 'inhibits: { equal: [srcaddr] }'),
    });
    for (const read of ['late', 'middle']) {
      const config = compiled(trees(read));
      expect(lines(config.problems)).toEqual([
        `/t/rules/seq:1 seq detect.sequence[0].rule: ${read} is judged only when its window has settled, so seq, which waits for it, comes too late to hold others back (take inhibits out of seq)`,
      ]);
      expect(ids(config)).not.toContain('seq');
    }
    expect(lines(compiled(trees('early')).problems)).toEqual([]);
  });

  test('is warned of names that nobody has', () => {
    expect(warnings(flood('inhibits: { rules: [scna], equal: [srcaddr] }'))).toEqual([
      '/t/rules/flood:1 flood inhibits.rules: no rule has the id or tag "scna" (did you mean scan?)',
    ]);
  });

  test('is warned where no rule could be held back, and not where one could', () => {
    const idle = [
      'it holds nothing back: no rule in force that it could hold back groups by srcaddr',
    ];
    expect(warnings(flood('inhibits: { equal: [srcaddr] }'))).toEqual([]);
    expect(warnings(flood('inhibits: { equal: [srcaddr], severity: [critical] }'))).toEqual(
      idle.map((text) => `/t/rules/flood:1 flood inhibits: ${text}`),
    );
    expect(
      warnings(flood('inhibits: { equal: [srcaddr] }'), {
        'rules/scan': onPort(22, 'severity: low'),
      }),
    ).toEqual(idle.map((text) => `/t/rules/flood:1 flood inhibits: ${text}`));
  });

  test('is warned that it does nothing in mode shadow', () => {
    expect(warnings(flood('mode: shadow\ninhibits: { equal: [srcaddr] }')).join('\n')).toContain(
      'in mode shadow it holds nothing back',
    );
  });
});
