import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { inOrder, type Workers } from '../../src/replay/in-order.ts';

async function* numbers(count: number, onEnd = () => {}): AsyncGenerator<number> {
  try {
    for (let i = 0; i < count; i++) yield i;
  } finally {
    onEnd();
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}

/** All of it is done by others. */
function elsewhere<R>(work: (item: number) => Promise<R>): Workers<number, R> {
  return {
    offer: work,
    own: () => {
      throw new Error('somebody has room');
    },
  };
}

describe('inOrder', () => {
  test('does here what nobody has room for, while others are busy', async () => {
    let busy = 0;
    const done = { there: 0, here: 0 };
    const results = await all(
      inOrder<number, string>(
        numbers(12),
        {
          offer: (i) => {
            if (busy === 2) return undefined;
            busy++;
            return sleep(20).then(() => {
              busy--;
              done.there++;
              return `${i}`;
            });
          },
          own: (i) => {
            done.here++;
            return `${i}`;
          },
        },
        5,
      ),
    );
    expect(results).toEqual(Array.from({ length: 12 }, (_, i) => [i, `${i}`]));
    expect(done.there).toBeGreaterThan(1);
    expect(done.here).toBeGreaterThan(1);
    expect(done.there + done.here).toBe(12);
  });

  test('a failure of work done here ends it', async () => {
    const results = inOrder(
      numbers(3),
      {
        offer: () => undefined,
        own: () => {
          throw new Error('broken');
        },
      },
      2,
    );
    await expect(all(results)).rejects.toThrow('broken');
  });

  test('hands on in order what was done in another one', async () => {
    const work = async (i: number) => {
      await sleep((7 * i) % 5);
      return i * i;
    };
    const pairs = Array.from({ length: 20 }, (_, i) => [i, i * i]);
    expect(await all(inOrder(numbers(20), elsewhere(work), 6))).toEqual(pairs);
  });

  test('works on no more at a time than it may, and on so many', async () => {
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await sleep(1);
      running--;
    };
    await all(inOrder(numbers(30), elsewhere(work), 4));
    expect(most).toBe(4);
  });

  test('hands on a result before the next item is there', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slow() {
      yield 1;
      await held;
      yield 2;
    }
    const results = inOrder(
      slow(),
      elsewhere(async (i) => i),
      4,
    );
    expect(await results.next()).toEqual({ done: false, value: [1, 1] });
    release();
    expect(await all(results)).toEqual([[2, 2]]);
  });

  test.each(['work', 'items'])(
    'a failure of the %s ends it, and closes the items',
    async (where) => {
      let closed = 0;
      async function* failing() {
        yield* numbers(3, () => closed++);
        if (where === 'items') throw new Error('broken');
        yield 3;
      }
      const work = async (i: number) => {
        if (where === 'work' && i === 3) throw new Error('broken');
        return i;
      };
      const seen: number[] = [];
      const run = async () => {
        for await (const [i] of inOrder(failing(), elsewhere(work), 2)) seen.push(i);
      };
      await expect(run()).rejects.toThrow('broken');
      // Whoever reads ahead meets the failure of an item before all earlier ones are done.
      expect([0, 1, 2].slice(0, seen.length)).toEqual(seen);
      await sleep(1);
      expect(closed).toBe(1);
      if (where === 'work') expect(seen).toHaveLength(3);
    },
  );

  test('a failure does not wait for an item that never comes', async () => {
    async function* silent() {
      yield 1;
      await new Promise(() => {});
    }
    const work = async () => {
      throw new Error('broken');
    };
    await expect(all(inOrder(silent(), elsewhere(work), 3))).rejects.toThrow('broken');
  });

  test('one that stops reading closes the items', async () => {
    let closed = false;
    const items = numbers(100, () => {
      closed = true;
    });
    for await (const [i] of inOrder(
      items,
      elsewhere(async (x) => x),
      3,
    ))
      if (i === 5) break;
    await sleep(1);
    expect(closed).toBe(true);
  });
});
