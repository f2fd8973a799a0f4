import { describe, expect, test } from '@jest/globals';
import { type Notifier, PermanentNotifyError } from '../../src/ports/notifier.ts';
import { alertNamed } from '../adapters/alert.ts';

export interface NotifierContract {
  readonly name: string;
  make(): Promise<{
    readonly notifier: Notifier;
    /** The alerts that a reader has got, as JSON has them. */
    received(): Promise<unknown[]>;
    /** From now on the other side does not answer. */
    fail(): Promise<void>;
    /** From now on it will never take anything. */
    refuse(): Promise<void>;
  }>;
}

/** What every notifier must do; run it on each implementation. */
export function runContract({ name, make }: NotifierContract): void {
  describe(`${name} keeps the contract of a notifier`, () => {
    test('an alert is received whole, and its message has a name', async () => {
      const { notifier, received } = await make();
      const alert = alertNamed('whole', { message: 'é "漢" 🦊\n<b>', status: 'resolved', seq: 2 });
      expect(await notifier.publish(alert)).toMatch(/^\S+$/);
      expect(await received()).toEqual([alert]);
    });

    test('messages of one alert are told apart by their names', async () => {
      const { notifier, received } = await make();
      const names = [
        await notifier.publish(alertNamed('a')),
        await notifier.publish(alertNamed('a', { seq: 1 })),
        await notifier.publish(alertNamed('a', { seq: 1 })),
      ];
      expect(new Set(names).size).toBe(3);
      expect(await received()).toHaveLength(3);
    });

    test('a side that does not answer is an error that may pass', async () => {
      const { notifier, received, fail } = await make();
      await fail();
      const publishing = notifier.publish(alertNamed('a'));
      await expect(publishing).rejects.toThrow();
      await expect(publishing).rejects.not.toBeInstanceOf(PermanentNotifyError);
      expect(await received()).toEqual([]);
    });

    test('a side that will never take it is a permanent error', async () => {
      const { notifier, refuse } = await make();
      await refuse();
      await expect(notifier.publish(alertNamed('a'))).rejects.toBeInstanceOf(PermanentNotifyError);
    });
  });
}
