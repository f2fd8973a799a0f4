import { describe, expect, test } from '@jest/globals';
import type { DeadLetters } from '../../src/ports/notifier.ts';

export type Letter = Parameters<DeadLetters['park']>[0];

export interface DeadLettersContract {
  readonly name: string;
  /** An empty place, and what a person who looks there finds, body included wherever it lies. */
  make(): Promise<{ readonly letters: DeadLetters; parked(): Promise<Letter[]> }>;
}

/** What every place for dead letters must do; run it on each implementation. */
export function runContract({ name, make }: DeadLettersContract): void {
  describe(`${name} keeps the contract of dead letters`, () => {
    test('a letter is found with its kind, reason and body', async () => {
      const { letters, parked } = await make();
      const letter: Letter = { kind: 'batch', reason: 'not gzip', body: 'H4sIAA==' };
      await letters.park(letter);
      expect(await parked()).toEqual([letter]);
    });

    test('a body of any characters comes back as it was', async () => {
      const { letters, parked } = await make();
      const body = 'a\u0000\u0007\u001f"\\\n\u007f\u0085é漢🦊\uFFFE\uFFFF';
      await letters.park({ kind: 'digest', reason: 'damaged', body });
      expect((await parked())[0]?.body).toBe(body);
    });

    test('a body larger than a queue message comes back whole', async () => {
      const { letters, parked } = await make();
      const body = 'é漢"x'.repeat(60_000);
      await letters.park({ kind: 'notification', reason: 'too large', body });
      const [found] = await parked();
      expect(found?.body === body).toBe(true);
      expect(found?.reason).toBe('too large');
    });

    test('an empty body is a body', async () => {
      const { letters, parked } = await make();
      await letters.park({ kind: 'batch', reason: 'empty', body: '' });
      expect(await parked()).toEqual([{ kind: 'batch', reason: 'empty', body: '' }]);
    });
  });
}
