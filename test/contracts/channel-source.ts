import { describe, expect, test } from '@jest/globals';
import type { ChannelStore } from '../../src/ports/channel-source.ts';

export interface ChannelStoreContract {
  readonly name: string;
  /** An empty store. */
  make(): Promise<ChannelStore>;
}

const SLACK = '{ type: slack, url: "https://hooks.slack.com/services/T0/B0/x" }';

/** What every store of channels must do; run it on each implementation. */
export function runContract({ name, make }: ChannelStoreContract): void {
  describe(`${name} keeps the contract of a store of channels`, () => {
    test('what was put is read, by its name', async () => {
      const store = await make();
      await store.put('ops', SLACK);
      await store.put('chat', '{ type: chatbot }');
      const found = [...(await store.read())].sort((a, b) => a.name.localeCompare(b.name));
      expect(found).toEqual([
        { name: 'chat', origin: expect.stringContaining('chat'), text: '{ type: chatbot }' },
        { name: 'ops', origin: expect.stringContaining('ops'), text: SLACK },
      ]);
    });

    test('what is put again replaces what was there', async () => {
      const store = await make();
      await store.put('ops', SLACK);
      await store.put('ops', '{ type: chatbot }');
      expect(await store.read()).toMatchObject([{ name: 'ops', text: '{ type: chatbot }' }]);
    });

    test('what was removed is gone, and to remove it again is told', async () => {
      const store = await make();
      await store.put('ops', SLACK);
      expect(await store.remove('ops')).toBe(true);
      expect(await store.read()).toEqual([]);
      expect(await store.remove('ops')).toBe(false);
    });

    test('many are all read', async () => {
      const store = await make();
      for (let index = 0; index < 21; index++) await store.put(`c${index}`, SLACK);
      expect(new Set((await store.read()).map((channel) => channel.name)).size).toBe(21);
    });
  });
}
