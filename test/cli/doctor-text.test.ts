import { expect, test } from '@jest/globals';
import pc from 'picocolors';
import { PLAIN } from '../../src/alerts/terminal.ts';
import { findingLines, verdictLine } from '../../src/cli/doctor-text.ts';
import { bad, listed, ok, warn } from '../../src/doctor/finding.ts';

const FINDINGS = [
  ok('Stack', 'deployed'),
  warn('Stack', 'old', 'deploy'),
  bad('Alerts', 'nobody reads \u001b[2Jthem'),
];

test('Findings stand under their area, each with what mends it', () => {
  expect(findingLines(FINDINGS, PLAIN)).toEqual([
    'Stack',
    '  ok    deployed',
    '  warn  old',
    '        -> deploy',
    '',
    'Alerts',
    '  bad   nobody reads ?[2Jthem',
  ]);
});

test('They are coloured by how bad they are', () => {
  const text = findingLines(FINDINGS, pc.createColors(true)).join('\n');
  expect(text).toContain(pc.createColors(true).red('bad '));
  expect(text).toContain(pc.createColors(true).green('ok  '));
});

test('The last line counts what is broken', () => {
  expect(verdictLine(FINDINGS)).toBe('1 thing is broken, 1 warning.');
  expect(verdictLine([...FINDINGS, ...FINDINGS])).toBe('2 things are broken, 2 warnings.');
  expect(verdictLine([ok('Stack', 'deployed')])).toBe('All is well.');
});

test('Many names are cut', () => {
  expect(listed(['a'])).toBe('a');
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  expect(listed(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
});
