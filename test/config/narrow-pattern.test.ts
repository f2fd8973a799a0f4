import { describe, expect, test } from '@jest/globals';
import { patternOf, patternTooNarrow } from '../../src/config/narrow-pattern.ts';
import { DEFAULT_ENGINE_SETTINGS, type Snapshot } from '../../src/config/snapshot.ts';
import { DEFAULT_FORMAT } from '../../src/records/layout.ts';

const REJECT = '[..., action="REJECT", status]';

const snapshot = (formats: Snapshot['formats'] = {}): Snapshot => ({
  version: 1,
  settings: DEFAULT_ENGINE_SETTINGS,
  rules: [],
  filters: [],
  lists: {},
  formats,
});

const narrow = (pattern: string, wanted: string, formats?: Snapshot['formats']) =>
  patternTooNarrow(snapshot(formats), '/vpc', pattern, () => wanted);

describe('the pattern of a group', () => {
  test('is that of its only format, and of the default one where none is known', () => {
    const asked: string[] = [];
    const patternFor = (_: Snapshot, format: string) => {
      asked.push(format);
      return REJECT;
    };
    expect(patternOf(snapshot(), ['${action}'], patternFor)).toBe(REJECT);
    expect(patternOf(snapshot(), [], patternFor)).toBe(REJECT);
    expect(asked).toEqual(['${action}', DEFAULT_FORMAT]);
  });

  test('is empty for several formats, of which a pattern can meet only one', () => {
    expect(patternOf(snapshot(), ['${action}', '${srcaddr}'], () => REJECT)).toBe('');
  });
});

describe('a filter is too narrow', () => {
  test('where the rules in force need everything', () => {
    expect(narrow(REJECT, '')).toBe(true);
  });

  test('where they need another value, or another place', () => {
    expect(narrow(REJECT, '[..., action="ACCEPT", status]')).toBe(true);
    expect(narrow('[a="1", b]', '[a, b="1"]')).toBe(true);
    expect(narrow('[a="1", b]', '[a="1", b, c]')).toBe(true);
  });

  test('where it asks more than they need', () => {
    expect(narrow('[a, b="6", c="REJECT"]', '[a, b, c="REJECT"]')).toBe(true);
  });

  test('where it is a pattern of words, of which nobody knows what it hides', () => {
    expect(narrow('REJECT', REJECT)).toBe(true);
  });

  test('where the group has had another format within the hour', () => {
    const formats = { '/vpc': ['${action}', '${srcaddr} ${action}'] };
    expect(narrow(REJECT, REJECT, formats)).toBe(true);
  });
});

describe('a filter is wide enough', () => {
  test('where it passes everything on', () => {
    expect(narrow('', REJECT)).toBe(false);
    expect(narrow('  ', '')).toBe(false);
  });

  test('where it is what the rules need, however its fields are called and spaced', () => {
    expect(narrow(REJECT, REJECT)).toBe(false);
    expect(narrow('[...,act = "REJECT",s]', REJECT)).toBe(false);
  });

  test('where it asks less than they need', () => {
    expect(narrow('[a, b, c="REJECT"]', '[a, b="6", c="REJECT"]')).toBe(false);
  });

  test('where a quoted value holds a comma', () => {
    expect(narrow('[a="x,y", b]', '[c="x,y", d]')).toBe(false);
  });
});
