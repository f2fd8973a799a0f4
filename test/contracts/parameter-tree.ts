import { describe, expect, test } from '@jest/globals';
import type { ParameterSource, ParameterWriter } from '../../src/ports/parameter-writer.ts';

export interface ParameterTreeContract {
  readonly name: string;
  /** An empty tree. */
  make(): Promise<{ readonly source: ParameterSource; readonly writer: ParameterWriter }>;
}

/** What every store of parameters must do; run it on each implementation. */
export function runContract({ name, make }: ParameterTreeContract): void {
  describe(`${name} keeps the contract of a tree of parameters`, () => {
    test('what was put is read, with versions that count its writes', async () => {
      const { source, writer } = await make();
      expect(await writer.put('rules/a', 'one', true)).toBe(1);
      expect(await writer.put('rules/a', 'two', false)).toBe(2);
      expect(await writer.put('lists/team/1', 'values: [é]', true)).toBe(1);
      const read = (await source.read()).map(({ path, text, version }) => [path, text, version]);
      expect(read.sort()).toEqual([
        ['lists/team/1', 'values: [é]', 1],
        ['rules/a', 'two', 2],
      ]);
    });

    test('to create does not replace, to put without does', async () => {
      const { source, writer } = await make();
      await writer.put('rules/a', 'one', true);
      expect(await writer.put('rules/a', 'two', true)).toBe('exists');
      expect(await source.read()).toMatchObject([{ text: 'one', version: 1 }]);
      expect(await writer.put('rules/b', 'new', false)).toBe(1);
    });

    test('ten are deleted at once, and one that is not there is no error', async () => {
      const { source, writer } = await make();
      const paths = Array.from({ length: 9 }, (_, i) => `rules/r${i}`);
      for (const path of [...paths, 'rules/stays']) await writer.put(path, 'x', true);
      await writer.delete([...paths, 'rules/never']);
      expect((await source.read()).map(({ path }) => path)).toEqual(['rules/stays']);
    });

    test('history has every write in order; what was never there has none', async () => {
      const { writer } = await make();
      await writer.put('rules/a', 'one', true);
      await writer.put('rules/a', 'two', false);
      const history = await writer.history('rules/a');
      expect(history.map(({ version, text }) => [version, text])).toEqual([
        [1, 'one'],
        [2, 'two'],
      ]);
      for (const { modified } of history) expect(modified).toEqual(expect.any(Number));
      expect(await writer.history('rules/never')).toEqual([]);
    });
  });
}
