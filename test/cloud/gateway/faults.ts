import { Refusal } from './answer.ts';
import type { Call } from './call.ts';

interface Fault {
  readonly service: string;
  readonly action: string;
  /** Calls to spoil; the next ones go through again. */
  times: number;
  readonly code: string;
  readonly status: number;
}

/** Lets AWS fail on purpose. */
export class Faults {
  readonly #faults: Fault[] = [];
  readonly #events: { operation: string; left: number; act: () => Promise<void> }[] = [];

  /**
   * The next calls of an operation fail.
   * @param operation as IAM names it, e.g. `dynamodb:PutItem`
   */
  fail(operation: string, times: number, code = 'InternalServerError', status = 500): void {
    const [service = '', action = ''] = operation.split(':');
    this.#faults.push({ service, action, times, code, status });
  }

  /**
   * Does something at the nth call of an operation from now on, just before it is carried out.
   * @param operation as IAM names it
   */
  once(operation: string, nth: number, act: () => Promise<void>): void {
    this.#events.push({ operation, left: nth, act });
  }

  /** Everything works again. */
  clear(): void {
    this.#faults.length = 0;
    this.#events.length = 0;
  }

  readonly before = async (call: Call): Promise<undefined> => {
    for (const event of this.#events) {
      if (event.operation !== `${call.service}:${call.action}`) continue;
      event.left--;
      if (event.left === 0) await event.act();
    }
    for (const fault of this.#faults) {
      if (fault.times <= 0 || fault.service !== call.service || fault.action !== call.action) {
        continue;
      }
      fault.times--;
      throw new Refusal(fault.code, 'Failed on purpose', fault.status);
    }
  };
}
