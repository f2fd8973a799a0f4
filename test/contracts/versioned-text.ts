import { describe, expect, test } from '@jest/globals';
import type { VersionedText } from '../../src/ports/versioned-text.ts';

export interface VersionedTextContract {
  readonly name: string;
  /** An empty place, and a way to open any number of writers on it. */
  make(): Promise<() => VersionedText>;
}

/** What every versioned text must do; run it on each implementation. */
export function runContract({ name, make }: VersionedTextContract): void {
  describe(`${name} keeps the contract of a versioned text`, () => {
    test('before the first save there is none', async () => {
      expect(await (await make())().load()).toBeUndefined();
    });

    test('what was saved is loaded by another, with the tag that replaces it', async () => {
      const open = await make();
      const first = await saved(open(), 'é one');
      expect(await open().load()).toEqual({ text: 'é one', tag: first });
      const second = await saved(open(), 'two', first);
      expect(second).not.toBe(first);
      expect(await open().load()).toEqual({ text: 'two', tag: second });
    });

    test('a save against another tag, or against none where there is one, is a conflict', async () => {
      const open = await make();
      const first = await saved(open(), 'one');
      expect(await open().save('two', undefined)).toBe('conflict');
      const second = await saved(open(), 'two', first);
      expect(await open().save('three', first)).toBe('conflict');
      expect(await open().load()).toEqual({ text: 'two', tag: second });
    });

    test('a save against a tag is a conflict where there is nothing', async () => {
      const elsewhere = await saved((await make())(), 'elsewhere');
      const open = await make();
      expect(await open().save('one', elsewhere)).toBe('conflict');
      expect(await open().load()).toBeUndefined();
    });

    test('of two writers at once exactly one wins', async () => {
      const open = await make();
      const tag = await saved(open(), 'start');
      const outcomes = await Promise.all(['a', 'b'].map((text) => open().save(text, tag)));
      expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(1);
      expect((await open().load())?.text).toBe(outcomes[0] === 'conflict' ? 'b' : 'a');
    });

    test('a text of megabytes comes back as it was', async () => {
      const open = await make();
      const text = '{"é漢": "\\u0000 \n"}'.repeat(200_000);
      await saved(open(), text);
      expect((await open().load())?.text === text).toBe(true);
    });
  });
}

async function saved(store: VersionedText, text: string, previous?: string): Promise<string> {
  const outcome = await store.save(text, previous);
  if (outcome === 'conflict') throw new Error(`Saving ${text.slice(0, 20)} met a conflict`);
  return outcome.tag;
}
