import type { Alert } from '../../alerts/alert.ts';
import type { Notifier } from '../../ports/notifier.ts';

/** Keeps what was published; fails on demand. */
export class MemoryNotifier implements Notifier {
  readonly published: Alert[] = [];
  readonly #errors: Error[] = [];

  /** Makes the next publications fail, one for each error. */
  failNext(...errors: readonly Error[]): void {
    this.#errors.push(...errors);
  }

  async publish(alert: Alert): Promise<string> {
    const error = this.#errors.shift();
    if (error !== undefined) throw error;
    return `memory-${this.published.push(alert)}`;
  }
}
