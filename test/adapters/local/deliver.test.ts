import { describe, expect, test } from '@jest/globals';
import { CachedChannels } from '../../../src/adapters/local/cached-channels.ts';
import { MemoryChannels } from '../../../src/adapters/local/memory-channels.ts';
import { MemoryDeliveryBook } from '../../../src/adapters/local/memory-delivery-book.ts';
import type { ChannelText } from '../../../src/ports/channel-source.ts';
import { runContract as runChannels } from '../../contracts/channel-source.ts';
import { runContract as runBook } from '../../contracts/delivery-book.ts';

runBook({ name: 'MemoryDeliveryBook', make: async () => new MemoryDeliveryBook() });
runChannels({ name: 'MemoryChannels', make: async () => new MemoryChannels() });

describe('Cached channels', () => {
  const CHAT: ChannelText = { name: 'chat', origin: '/c/chat', text: '{ type: chatbot }' };

  function cached(answers: (readonly ChannelText[] | Error)[]) {
    const lines: unknown[] = [];
    let now = 0;
    let asked = 0;
    const channels = new CachedChannels({
      source: {
        read: async () => {
          const answer = answers[Math.min(asked++, answers.length - 1)] as ChannelText[] | Error;
          if (answer instanceof Error) throw answer;
          return answer;
        },
      },
      now: () => now,
      log: (...line) => void lines.push(line),
    });
    const pass = (ms: number) => {
      now += ms;
    };
    return { channels, lines, asked: () => asked, pass };
  }

  test('are read once a minute', async () => {
    const { channels, asked, pass } = cached([[CHAT], []]);
    expect([...(await channels.get()).keys()]).toEqual(['chat']);
    pass(59_999);
    await channels.get();
    expect(asked()).toBe(1);
    pass(1);
    expect([...(await channels.get()).keys()]).toEqual([]);
    expect(asked()).toBe(2);
  });

  test('stay in use while they cannot be read, and the log says so', async () => {
    const { channels, lines, pass } = cached([[CHAT], new Error('throttled')]);
    await channels.get();
    pass(60_000);
    expect((await channels.get()).get('chat')?.channel).toEqual({ type: 'chatbot' });
    expect(lines).toEqual([['warn', 'channels.stale', { reason: 'throttled' }]]);
  });

  test('that were never read are an error', async () => {
    await expect(cached([new Error('denied')]).channels.get()).rejects.toThrow('denied');
  });

  test('are asked for once by two at the same time', async () => {
    const { channels, asked } = cached([[CHAT]]);
    await Promise.all([channels.get(), channels.get()]);
    expect(asked()).toBe(1);
  });

  test('keep what is wrong with one, and nothing of its text', async () => {
    const secret = 'https://hooks.slack.com/services/T/B/secret';
    const bad = { name: 'bad', origin: '/c/bad', text: `{ type: slack, adress: "${secret}" }` };
    const lost = {
      name: 'lost',
      origin: '/c/lost',
      problem: '/c/lost cannot be read: KeyDisabled',
    };
    const { channels } = cached([[CHAT, bad, lost]]);
    const found = await channels.get();
    expect(found.get('chat')).toEqual({ name: 'chat', channel: { type: 'chatbot' } });
    expect(found.get('bad')?.problem).toContain('/c/bad:1');
    expect(found.get('lost')?.problem).toContain('KeyDisabled');
    expect(JSON.stringify([...found])).not.toContain('secret');
  });
});
