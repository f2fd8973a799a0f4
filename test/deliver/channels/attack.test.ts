import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { techniquesOf } from '../../../src/deliver/channels/attack.ts';

describe('ATT&CK techniques', () => {
  test('every tag of the built-in rules has a name and a tactic', () => {
    const folder = new URL('../../../rules/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const texts = files
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => readFileSync(new URL(file, folder), 'utf8'));
    const tags = new Set(texts.join('\n').match(/attack\.t[\d.]*\d/g));
    expect(tags.size).toBeGreaterThan(20);
    const nameless = [...tags].filter((tag) => {
      const [found] = techniquesOf([tag]);
      const sub = found?.sub;
      return !found?.technique.name || !found.tactic || (sub !== undefined && !sub.name);
    });
    expect(nameless).toEqual([]);
  });

  test.each([
    'attack.T1046',
    'attack.t104',
    'attack.t1046.1',
    'attack.g0001',
    't1046',
    'attack.t1046x',
  ])('the tag %s is none', (tag) => {
    expect(techniquesOf([tag])).toEqual([]);
  });
});
