import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { REASONS } from '../../src/alerts/reasons.ts';
import { compiled, lines } from '../config/trees.ts';
import { textOf } from './pages.ts';

const page = textOf('docs/alerts.md');

/** The YAML blocks of the page, by the kind of document that their keys tell. */
const documents = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => {
  const keys = Object.keys(parse(text));
  const kind = keys.includes('routes') ? 'settings' : keys.includes('match') ? 'silence' : 'rule';
  return { kind, text } as const;
});

describe('docs/alerts.md', () => {
  test('has every reason with its meaning, and no other', () => {
    const table = page.split('<!-- reasons -->')[1]?.split('<!-- end -->')[0] ?? '';
    const rows = [...table.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, name, text]) => [
      name,
      text?.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'),
    ]);
    expect(rows).toEqual(Object.entries(REASONS));
  });

  test('has documents of every kind', () => {
    const kinds = documents.map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['silence', 'rule', 'settings']));
  });

  test.each(documents)('its $kind has no errors: $text', ({ kind, text }) => {
    const step = (id: string) => `id: ${id}\nmatch: { dstport: 22 }\nby: [dstaddr]\n`;
    const trees = {
      silence: { 'silences/s': text },
      settings: { settings: text },
      rule: {
        'rules/r': text.startsWith('id:') ? text : `match: { dstport: 22 }\nby: [srcaddr]\n${text}`,
        'rules/ssh-guessing': step('ssh-guessing'),
        'rules/large-upload': step('large-upload'),
      },
    };
    expect(lines(compiled(trees[kind]).problems)).toEqual([]);
  });
});
