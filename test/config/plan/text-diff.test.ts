import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unifiedDiff } from '../../../src/config/plan/text-diff.ts';

const NO_BREAK = '\\ No newline at end of file';

/** What `patch` makes of a text and a diff. */
function patched(before: string, diff: readonly string[]): string {
  const lines = before.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const result: string[] = [];
  let at = 0;
  let open = !before.endsWith('\n') && before !== '';
  let last = '';
  for (const line of diff) {
    const head = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@$/.exec(line);
    if (head) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      while (at < start) result.push(lines[at++]);
      open = false;
    } else if (line === NO_BREAK) {
      if (last !== '-') open = true;
    } else {
      last = line[0];
      if (last !== '-') result.push(line.slice(1));
      if (last !== '+') expect(lines[at++]).toBe(line.slice(1));
    }
  }
  if (at < lines.length) open = !before.endsWith('\n') && before !== '';
  while (at < lines.length) result.push(lines[at++]);
  return result.length === 0 ? '' : result.join('\n') + (open ? '' : '\n');
}

describe('A unified diff', () => {
  test('is as diff -u writes it', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n';
    const after = 'a\nb\nc\nd\nE\nf\ng\nh\ni\nj\nk\nl\nm\nn\n';
    expect(unifiedDiff(before, after)).toEqual([
      '@@ -2,7 +2,7 @@',
      ' b',
      ' c',
      ' d',
      '-e',
      '+E',
      ' f',
      ' g',
      ' h',
      '@@ -11,3 +11,4 @@',
      ' k',
      ' l',
      ' m',
      '+n',
    ]);
  });

  test.each([
    ['', 'a\n', ['@@ -0,0 +1 @@', '+a']],
    ['a\n', '', ['@@ -1 +0,0 @@', '-a']],
    ['a', 'a\n', ['@@ -1 +1 @@', '-a', NO_BREAK, '+a']],
    ['a\n', 'a\n', []],
  ])('of %j and %j is %j', (before, after, diff) => {
    expect(unifiedDiff(before, after)).toEqual(diff);
  });

  test('makes the one text of the other, and is empty for equal texts alone', () => {
    const text = fc
      .tuple(fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 }), fc.boolean())
      .map(([lines, end]) => lines.join('\n') + (end && lines.length > 0 ? '\n' : ''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = unifiedDiff(before, after);
        expect(diff.length === 0).toBe(before === after);
        if (before !== after) expect(patched(before, diff)).toBe(after);
      }),
    );
  });

  test('of texts without a line in common replaces the whole, however long they are', () => {
    const lines = (prefix: string) => Array.from({ length: 3_000 }, (_, i) => `${prefix}${i}\n`);
    const [before, after] = [lines('a'), lines('b')];
    const diff = unifiedDiff(before.join(''), after.join(''));
    expect(diff[0]).toBe('@@ -1,3000 +1,3000 @@');
    expect(diff).toHaveLength(6_001);
  });
});
