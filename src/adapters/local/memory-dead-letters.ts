import type { DeadLetters } from '../../ports/notifier.ts';

/** Keeps what was parked. */
export class MemoryDeadLetters implements DeadLetters {
  readonly letters: Parameters<DeadLetters['park']>[0][] = [];

  async park(letter: Parameters<DeadLetters['park']>[0]): Promise<void> {
    this.letters.push(letter);
  }
}
