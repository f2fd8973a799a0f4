import { describe, expect, test } from '@jest/globals';
import type { SavedQuery, SavedQueryStore } from '../../src/ports/saved-query-store.ts';

export interface SavedQueryStoreContract {
  readonly name: string;
  /** The stores of some stages in one account that is empty. */
  make(): Promise<(stage: string) => SavedQueryStore>;
}

/** What every store of saved queries must do; run it on each implementation. */
export function runContract({ name, make }: SavedQueryStoreContract): void {
  describe(`${name} keeps the contract of a store of saved queries`, () => {
    const query = (stage: string, id: string, more: Partial<SavedQuery> = {}): SavedQuery => ({
      name: `flowlog-alerts/${stage}/${id}`,
      text: 'fields @message\n| limit 5',
      logGroups: [],
      ...more,
    });
    const bare = async (store: SavedQueryStore) =>
      (await store.list()).map(({ name, text, logGroups }) => ({ name, text, logGroups }));

    test('what was put is listed as it was put', async () => {
      const store = (await make())('prod');
      expect(await store.list()).toEqual([]);
      const queries = [
        query('prod', 'a'),
        query('prod', 'b/c', { logGroups: ['/vpc/x', '/vpc/y'] }),
      ];
      for (const one of queries) await store.put(one);
      expect(await bare(store)).toEqual(queries);
    });

    test('a put under an id replaces all of that query, and makes none', async () => {
      const store = (await make())('prod');
      await store.put(query('prod', 'a', { logGroups: ['/vpc/x'] }));
      const [{ id }] = await store.list();
      const changed = query('prod', 'a', { text: 'fields other' });
      await store.put(changed, id);
      expect(await store.list()).toEqual([{ ...changed, id }]);
    });

    test('queries of other stages, and of names outside, are not listed', async () => {
      const open = await make();
      await open('prod').put(query('prod', 'a'));
      await open('prod').put({ ...query('prod', 'a'), name: 'flowlog-alerts/production/a' });
      await open('test').put(query('test', 'b'));
      expect(await bare(open('prod'))).toEqual([query('prod', 'a')]);
      expect(await bare(open('test'))).toEqual([query('test', 'b')]);
    });

    test('what was deleted is gone, and deleting it again is no error', async () => {
      const store = (await make())('prod');
      for (const id of ['a', 'b']) await store.put(query('prod', id));
      const [{ id }] = await store.list();
      await store.delete(id);
      await store.delete(id);
      expect(await bare(store)).toEqual([query('prod', 'b')]);
    });

    test('more queries than a page holds are listed whole', async () => {
      const store = (await make())('prod');
      const many = Array.from({ length: 25 }, (_, i) => query('prod', `r${i + 10}`));
      for (const one of many) await store.put(one);
      expect(await bare(store)).toEqual(many);
    });
  });
}
