import * as real from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';

/** What happens just before a store's next link, as if its process had slept there. */
let beforeNextLink: (() => Promise<void>) | undefined;

jest.unstable_mockModule('node:fs/promises', () => ({
  ...real,
  async link(from: string, to: string) {
    const first = beforeNextLink;
    beforeNextLink = undefined;
    await first?.();
    await real.link(from, to);
  },
}));
const { FileCheckpointStore } = await import(
  '../../../src/adapters/local/file-checkpoint-store.ts'
);

test.each([1, 2, 5])(
  'a writer that slept through %i saves of another conflicts, and the other’s state stays',
  async (saves) => {
    const directory = await real.mkdtemp(join(tmpdir(), 'flowlog-alerts-race-'));
    const store = new FileCheckpointStore(directory);
    const other = new FileCheckpointStore(directory);
    try {
      const first = await store.save(0, Buffer.from('start'), undefined);
      if (first === 'conflict') throw new Error('The first save met a conflict');
      beforeNextLink = async () => {
        let tag = first.tag;
        for (let save = 1; save <= saves; save++) {
          const outcome = await other.save(0, Buffer.from(`other ${save}`), tag);
          if (outcome !== 'conflict') tag = outcome.tag;
        }
      };
      expect(await store.save(0, Buffer.from('late'), first.tag)).toBe('conflict');
      const found = await store.load(0);
      expect(Buffer.from(found!.body).toString()).toBe(`other ${saves}`);
      expect(await real.readdir(join(directory, '0'))).toEqual([String(saves + 1)]);
    } finally {
      await real.rm(directory, { recursive: true, force: true });
    }
  },
);
