import { describe, expect, test } from '@jest/globals';
import type { ConfigSource } from '../../src/ports/config-source.ts';

export interface ConfigSourceContract {
  readonly name: string;
  /** A source over documents, by their paths in the tree. */
  make(documents: Readonly<Record<string, string>>): Promise<ConfigSource>;
}

/** What every source of configuration must do; run it on each implementation. */
export function runContract({ name, make }: ConfigSourceContract): void {
  describe(`${name} keeps the contract of a source of configuration`, () => {
    const paths = async (source: ConfigSource) =>
      (await source.read()).map(({ path }) => path).sort();

    test('an empty tree has no documents', async () => {
      expect(await (await make({})).read()).toEqual([]);
    });

    test('every document comes with its path, its text, where it lies and when it changed', async () => {
      const texts = {
        settings: 'settle: 1m',
        'rules/ssh': 'title: "é 漢 🦊"\n---\nid: other\n',
        'rules/team/web/https': '{"id": "https"}',
        'lists/internal': '[10.0.0.0/8]',
        'lists/long/1': 'a',
        'filters/scanner': 'because: test',
        'silences/s': 'until: 2030-01-01',
      };
      const found = await (await make(texts)).read();
      expect(Object.fromEntries(found.map(({ path, text }) => [path, text]))).toEqual(texts);
      for (const { path, origin, modified } of found) {
        expect(origin).toContain(path.split('/').at(-1));
        expect(Math.abs(Date.now() - (modified ?? 0))).toBeLessThan(600_000);
      }
    });

    test('a tree larger than any page is read whole', async () => {
      const all = Array.from({ length: 23 }, (_, i) => `rules/r${String(i).padStart(2, '0')}`);
      const source = await make(Object.fromEntries(all.map((path) => [path, 'x'])));
      expect(await paths(source)).toEqual(all);
    });

    test('channels, which hold secrets, are not read', async () => {
      const source = await make({ 'channels/slack': 'https://example.org/secret', 'rules/a': 'x' });
      expect(await paths(source)).toEqual(['rules/a']);
    });
  });
}
