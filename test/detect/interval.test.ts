import { describe, expect, test } from '@jest/globals';
import { intervalNote, shortestInterval } from '../../src/detect/interval.ts';
import type { Detect } from '../../src/rules/compiled.ts';

const of: Detect & { kind: 'ratio' } = { kind: 'ratio', of: { all: [] }, above: 0.5, min: 1 };
const interval = (detect: Detect, window?: number) =>
  shortestInterval({ detect, ...(window !== undefined && { window }) });

describe('the longest aggregation interval at which a rule works', () => {
  test.each<[string, Detect]>([
    ['sum', { kind: 'sum', field: 'bytes', above: 1 }],
    ['ratio', of],
    ['spike of a field', { kind: 'spike', field: 'bytes', factor: 5, min: 1, baseline: 86_400 }],
    ['beacon', { kind: 'beacon', min: 3, jitter: 0.1 }],
  ])('is a minute for %s in less than ten minutes, and ten for more', (_, detect) => {
    expect(interval(detect, 540)).toBe(60);
    expect(interval(detect, 600)).toBe(600);
  });

  test.each<[string, Detect]>([
    ['count', { kind: 'count', above: 1 }],
    ['count of connections', { kind: 'count', above: 1, of: 'connections' }],
    ['distinct', { kind: 'distinct', fields: ['dstport'], above: 1 }],
    ['spike of records', { kind: 'spike', factor: 5, min: 1, baseline: 86_400 }],
    ['sequence', { kind: 'sequence', steps: [{ rule: 'a' }, { rule: 'b' }] }],
    ['unanswered', { kind: 'unanswered', min: 3 }],
  ])('is ten minutes for %s, but a short window is worth a word', (_, detect) => {
    expect(interval(detect, 120)).toBe(600);
    expect(intervalNote({ detect, window: 120 })?.why).toContain('counts where it starts');
    expect(intervalNote({ detect, window: 600 })).toBeUndefined();
  });

  test('is a minute for a silence of less than two intervals of ten', () => {
    expect(interval({ kind: 'absent', for: 1_199, seen: 3 })).toBe(60);
    expect(interval({ kind: 'absent', for: 1_200, seen: 3 })).toBe(600);
  });

  test('is none for a beacon in whose window a five-tuple cannot begin often enough', () => {
    expect(interval({ kind: 'beacon', min: 8, jitter: 0.1 }, 840)).toBe(0);
    expect(interval({ kind: 'beacon', min: 8, jitter: 0.1 }, 900)).toBe(600);
  });

  test('is ten minutes for what has no window', () => {
    expect(interval({ kind: 'every' })).toBe(600);
    expect(interval({ kind: 'new', fields: ['srcaddr'], learn: 0, forget: 60 })).toBe(600);
  });

  test('goes by the effective window', () => {
    expect(interval(of, 541)).toBe(600);
  });
});
