import { describe, expect, test } from '@jest/globals';
import {
  compareProblems,
  formatPath,
  formatProblem,
  hasErrors,
  type Problem,
  show,
} from '../../src/rules/problem.ts';
import { didYouMean, nearest } from '../../src/rules/suggest.ts';
import { compileText } from './one-rule.ts';

const problem = (more: Partial<Problem>): Problem => ({
  severity: 'error',
  origin: 'a.yaml',
  line: 1,
  path: '',
  message: 'm',
  ...more,
});

test('A problem prints as one line, with what is known of it', () => {
  const full = problem({ rule: 'ssh', line: 3, path: 'match.dstport', hint: 'h' });
  expect(formatProblem(full)).toBe('a.yaml:3 ssh match.dstport: m (h)');
  expect(formatProblem(problem({}))).toBe('a.yaml:1: m');
  expect(formatProblem(problem({ path: 'by' }))).toBe('a.yaml:1 by: m');
});

test('Every problem of a document has its line, column and path', () => {
  const { problems } = compileText(
    'id: x\nmatch:\n  any:\n    - dstport: 22\n    - dsport: 22\nby:\n  - srcaddr\n  - bytess\n',
  );
  expect(problems.map(({ rule, line, column, path }) => [rule, line, column, path])).toEqual([
    ['x', 5, 7, 'match.any[1].dsport'],
    ['x', 8, 5, 'by[1]'],
  ]);
});

test('Paths quote keys with odd characters', () => {
  expect(formatPath(['formats', '/aws/vpc', 0])).toBe('formats["/aws/vpc"][0]');
  expect(formatPath([])).toBe('');
  expect(formatPath(['a', 1, 'b-c'])).toBe('a[1].b-c');
});

test('They sort by file and line, errors first', () => {
  const sorted = [
    problem({ origin: 'b.yaml' }),
    problem({ line: 2 }),
    problem({ severity: 'warning' }),
    problem({}),
  ].sort(compareProblems);
  expect(sorted.map(({ origin, line, severity }) => [origin, line, severity])).toEqual([
    ['a.yaml', 1, 'error'],
    ['a.yaml', 1, 'warning'],
    ['a.yaml', 2, 'error'],
    ['b.yaml', 1, 'error'],
  ]);
});

test('Warnings alone are no errors', () => {
  expect(hasErrors([problem({ severity: 'warning' })])).toBe(false);
  expect(hasErrors([problem({ severity: 'warning' }), problem({})])).toBe(true);
});

test.each([
  [undefined, 'nothing'],
  [null, 'nothing (null)'],
  [[], 'an empty list'],
  [{}, 'an empty block'],
  ['x', '"x"'],
  [[1], 'a list [1]'],
  ['x'.repeat(100), `"${'x'.repeat(56)}...`],
])('%j shows as %s', (value, text) => {
  expect(show(value)).toBe(text);
});

describe('suggestions', () => {
  const names = ['srcaddr', 'dstaddr', 'tcp', 'udp', 'log-status'];

  test.each([
    ['scraddr', 'srcaddr'],
    ['srcadr', 'srcaddr'],
    ['SrcAddr', 'srcaddr'],
    ['log_status', 'log-status'],
    ['tpc', 'tcp'],
    ['tc', 'tcp'],
  ])('%s: did you mean %s?', (name, meant) => {
    expect(didYouMean(name, names)).toBe(`did you mean ${meant}?`);
  });

  test.each(['xyz', 'pct', 'address', ''])('nothing is near %j', (name) => {
    expect(nearest(name, names)).toBeUndefined();
  });
});
