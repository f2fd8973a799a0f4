import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../src/rules/problem.ts';
import { readDocuments } from '../../src/rules/read.ts';

const problemsOf = (text: string) => readDocuments(text, 'f.yaml').problems.map(formatProblem);
const valuesOf = (text: string) =>
  readDocuments(text, 'f.yaml').documents.map(({ value }) => value);

describe('documents', () => {
  test('Several stand between lines of ---, each with its lines and its own text', () => {
    const text = 'a: 1\n---\n# a remark\nb: 2\nc:\n  - x\n---\n---\nd: 3\n';
    const { documents, problems } = readDocuments(text, 'f.yaml');
    expect(problems).toEqual([]);
    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { b: 2, c: ['x'] }, { d: 3 }]);
    expect(documents[1].at(['c', 0])).toEqual({ line: 6, column: 5 });
    expect(documents[1].at(['c', 5])).toEqual({ line: 5, column: 1 });
    expect(documents[1].at([])).toEqual({ line: 4, column: 1 });
    const again = readDocuments(documents[1].text, 'f.yaml').documents;
    expect(again.map(({ value }) => value)).toEqual([{ b: 2, c: ['x'] }]);
  });

  test('A bad one leaves the others readable', () => {
    const { documents, problems } = readDocuments('a: 1\n---\nb: [\n---\nc: 3\n', 'f.yaml');
    expect(documents.map(({ value }) => value)).toContainEqual({ a: 1 });
    expect(problems.length).toBeGreaterThan(0);
  });

  test('A scalar is remembered as it is written', () => {
    const [document] = readDocuments('a: 007\nb: [1.10, "x", &y 0x10, *y]', 'f.yaml').documents;
    expect(document.source(['a'])).toBe('007');
    expect(document.source(['b', 0])).toBe('1.10');
    expect(document.source(['b', 1])).toBe('x');
    expect(document.source(['b', 3])).toBe('0x10');
    expect(document.source(['b'])).toBeUndefined();
    expect(document.source(['c'])).toBeUndefined();
  });

  test('JSON is YAML', () => {
    const json = '{"a": ["x\\u00e9\\ud83d\\ude00", 1e3, null, true], "b": {"c": -1.5}}';
    expect(valuesOf(json)).toEqual([JSON.parse(json)]);
    expect(valuesOf(JSON.stringify(JSON.parse(json), null, '\t'))).toEqual([JSON.parse(json)]);
  });

  test.each(['', '# only a remark\n', '---\n---\n', 'null', '~'])('%j is empty', (text) => {
    expect(problemsOf(text)).toEqual(['f.yaml:1: the document is empty (write it, or delete it)']);
  });
});

describe('traps of YAML', () => {
  test('yes, no and times are texts, octal is decimal', () => {
    expect(valuesOf('a: yes\nb: no\nc: 12:30:45\nd: 010\ne: 1_000')).toEqual([
      { a: 'yes', b: 'no', c: '12:30:45', d: 10, e: '1_000' },
    ]);
  });

  test.each([
    ['a: 1\nb: 2\na: 3', 'f.yaml:3: this key stands twice in one block'],
    ['x:\n  a: 1\n  a: 1', 'f.yaml:3: this key stands twice in one block'],
    ['{"a": 1, "a": 2}', 'f.yaml:1: this key stands twice in one block'],
    ['a: !!js/function x', 'f.yaml:1: YAML tags (!name) have no meaning here (remove the tag)'],
    [
      '%YAML 1.1\n---\na: no',
      expect.stringContaining('found the directive %YAML 1.1; documents are YAML 1.2'),
    ],
    ['a:\n\tb: 1', expect.stringContaining('f.yaml:2: ')],
    ['a: [1, 2', expect.stringContaining('not valid YAML or JSON')],
    ['a: *nowhere', expect.stringContaining('its aliases cannot be followed')],
  ])('%j is refused', (text, message) => {
    expect(problemsOf(text)[0]).toEqual(message);
    expect(valuesOf(text)).toEqual([]);
  });

  test('A few aliases are fine; a bomb of them, or one that contains itself, is not', () => {
    expect(valuesOf('a: &a [1]\nb: *a')).toEqual([{ a: [1], b: [1] }]);
    const levels = Array.from({ length: 9 }, (_, level) => {
      const below = level === 0 ? '1' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array(9).fill(below).join(', ')}]`;
    });
    expect(problemsOf(levels.join('\n'))).toEqual([
      expect.stringContaining('its aliases cannot be followed: more than 100 nodes'),
    ]);
    expect(problemsOf('a: &a [*a]')).toHaveLength(1);
  });

  test('Deep nesting is told, not crashed at', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
    expect(problemsOf(nested(100))).toEqual([]);
    expect(problemsOf(nested(101))).toEqual([expect.stringContaining('more than 100 deep')]);
    expect(problemsOf(nested(4_000)).length).toBeGreaterThan(0);
    expect(problemsOf('['.repeat(8_000)).length).toBeGreaterThan(0);
  });
});
