import { describe, expect, test } from '@jest/globals';
import type { DeliveryBook, DeliveryKey } from '../../src/ports/delivery-book.ts';

export interface DeliveryBookContract {
  readonly name: string;
  /** An empty book. */
  make(): Promise<DeliveryBook>;
  /** False for an emulator that checks a condition and writes in two steps. */
  readonly atomic?: false;
}

const KEY: DeliveryKey = { id: 'ALERT', order: 0, channel: 'ops' };
const T = 1_795_435_200_000;
const claimOf = (message: string, now = T) => ({
  message,
  now,
  until: now + 60_000,
  peers: ['ops', 'pager'],
});

/** What every book of deliveries must do; run it on each implementation. */
export function runContract({ name, make, atomic }: DeliveryBookContract): void {
  describe(`${name} keeps the contract of a book of deliveries`, () => {
    test('a claim is had by one, until its time is over', async () => {
      const book = await make();
      expect(await book.claim(KEY, claimOf('m1'))).toEqual({
        ...KEY,
        state: 'claimed',
        message: 'm1',
        since: T,
        attempts: 1,
        notBefore: T + 60_000,
        peers: ['ops', 'pager'],
      });
      expect(await book.claim(KEY, claimOf('m2', T + 59_999))).toBeUndefined();
      expect(await book.claim(KEY, claimOf('m2', T + 60_000))).toMatchObject({
        message: 'm2',
        since: T,
        attempts: 2,
      });
    });

    (atomic === false ? test.skip : test)('of many at once, one has it', async () => {
      const book = await make();
      const claims = ['a', 'b', 'c', 'd', 'e'].map((message) => book.claim(KEY, claimOf(message)));
      expect((await Promise.all(claims)).filter((row) => row !== undefined)).toHaveLength(1);
    });

    test('channels and messages of an alert are apart from each other', async () => {
      const book = await make();
      await book.claim(KEY, claimOf('m1'));
      expect(await book.claim({ ...KEY, channel: 'pager' }, claimOf('m1'))).toBeDefined();
      expect(await book.claim({ ...KEY, order: 1 }, claimOf('m1'))).toBeDefined();
      expect(await book.claim({ ...KEY, id: 'OTHER' }, claimOf('m1'))).toBeDefined();
      const rows = await book.of('ALERT');
      expect(rows.map(({ order, channel }) => `${order} ${channel}`).sort()).toEqual([
        '0 ops',
        '0 pager',
        '1 ops',
      ]);
    });

    test('an order may be a time in milliseconds', async () => {
      const book = await make();
      await book.claim({ ...KEY, order: T }, claimOf('m1'));
      expect(await book.of('ALERT')).toMatchObject([{ order: T, channel: 'ops' }]);
    });

    test('what was delivered is never had again, and no slower one changes it', async () => {
      const book = await make();
      await book.claim(KEY, claimOf('m1'));
      await book.settle(KEY, { state: 'delivered', message: 'm1', now: T });
      expect(await book.claim(KEY, claimOf('m1', T + 999_999))).toBeUndefined();
      expect(await book.claim(KEY, claimOf('m2', T + 999_999))).toBeUndefined();
      const again = { message: 'm2', now: T, notBefore: T, reason: 'late' };
      await book.settle(KEY, { state: 'again', ...again });
      await book.settle(KEY, { state: 'parked', ...again });
      await book.postpone(KEY, { ...again, peers: ['ops'] });
      expect(await book.of('ALERT')).toMatchObject([{ state: 'delivered', message: 'm1' }]);
    });

    test('what failed is had again at its time, and its tries are counted', async () => {
      const book = await make();
      await book.claim(KEY, claimOf('m1'));
      const end = {
        message: 'm1',
        now: T + 1_000,
        notBefore: T + 9_000,
        reason: 'it answered 500',
      };
      await book.settle(KEY, { state: 'again', ...end });
      expect(await book.of('ALERT')).toMatchObject([
        { state: 'again', attempts: 1, since: T, notBefore: T + 9_000, reason: 'it answered 500' },
      ]);
      expect(await book.claim(KEY, claimOf('m1', T + 8_999))).toBeUndefined();
      expect(await book.claim(KEY, claimOf('m1', T + 9_000))).toMatchObject({
        attempts: 2,
        since: T,
      });
    });

    test('what was parked is had by another message alone, from the beginning', async () => {
      const book = await make();
      await book.claim(KEY, claimOf('m1'));
      await book.settle(KEY, { state: 'parked', message: 'm1', now: T, reason: 'gone' });
      expect(await book.claim(KEY, claimOf('m1', T + 999_999))).toBeUndefined();
      expect(await book.claim(KEY, claimOf('m2', T + 5_000))).toMatchObject({
        state: 'claimed',
        attempts: 1,
        since: T + 5_000,
      });
    });

    test('what waits untried is seen to wait, and had at its time as a first try', async () => {
      const book = await make();
      const wait = {
        message: 'm1',
        now: T,
        notBefore: T + 30_000,
        peers: ['ops'],
        reason: 'order',
      };
      await book.postpone(KEY, wait);
      await book.postpone(KEY, { ...wait, now: T + 30_000, notBefore: T + 60_000 });
      expect(await book.of('ALERT')).toEqual([
        {
          ...KEY,
          state: 'again',
          message: 'm1',
          since: T,
          attempts: 0,
          notBefore: T + 60_000,
          peers: ['ops'],
          reason: 'order',
        },
      ]);
      expect(await book.claim(KEY, claimOf('m1', T + 59_999))).toBeUndefined();
      expect(await book.claim(KEY, claimOf('m1', T + 60_000))).toMatchObject({ attempts: 1 });
    });

    test('a wait does not take a claim from who has it', async () => {
      const book = await make();
      await book.claim(KEY, claimOf('m1'));
      const wait = { message: 'm2', now: T, notBefore: T, peers: ['ops'], reason: 'order' };
      await book.postpone(KEY, wait);
      expect(await book.of('ALERT')).toMatchObject([{ state: 'claimed', message: 'm1' }]);
    });

    test('an end may be written for what was never claimed', async () => {
      const book = await make();
      await book.settle(KEY, { state: 'parked', message: 'm1', now: T, reason: 'no such channel' });
      expect(await book.of('ALERT')).toMatchObject([
        { state: 'parked', reason: 'no such channel', peers: ['ops'] },
      ]);
    });

    test('of an alert that it does not know there is nothing', async () => {
      expect(await (await make()).of('NOBODY')).toEqual([]);
    });
  });
}
