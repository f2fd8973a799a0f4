/** Ports that fail where they are told to. */

/**
 * `fail-before`: nothing happened; `fail-after`: it happened, and the answer was lost; `throttle`:
 * refused, nothing happened; `kill-before` and `kill-after`: the process dies there.
 */
export type Fate =
  | 'pass'
  | 'fail-before'
  | 'fail-after'
  | 'throttle'
  | 'kill-before'
  | 'kill-after';

export const FATES = [
  'fail-before',
  'fail-after',
  'throttle',
  'kill-before',
  'kill-after',
] as const;

/** The process is no more: nothing it does from here on reaches the outside. */
class KillError extends Error {
  override readonly name = 'KillError';
}

/** One process: what it calls, and whether it lives. */
export interface Process {
  dead: boolean;
}

type Call = (...args: never[]) => unknown;

/** Counts calls over all processes and decides each one's fate. */
export class Faults {
  /** Names of all calls so far: `port.method`. */
  readonly calls: string[] = [];
  #decide: (name: string, index: number) => Fate;

  constructor(decide: (name: string, index: number) => Fate = () => 'pass') {
    this.#decide = decide;
  }

  onCall(decide: (name: string, index: number) => Fate): void {
    this.#decide = decide;
  }

  /** The port as a process sees it. */
  wrap<T extends object>(port: T, name: string, process: Process): T {
    return new Proxy(port, {
      get: (target, key) => {
        const member = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        return this.#faulty(
          (member as Call).bind(target) as Call,
          `${name}.${String(key)}`,
          process,
        );
      },
    });
  }

  /** The same for a port that is one function. */
  wrapCall<T extends Call>(call: T, name: string, process: Process): T {
    return this.#faulty(call, name, process) as T;
  }

  #faulty(call: Call, name: string, process: Process): Call {
    return async (...args) => {
      if (process.dead) throw new KillError('dead');
      const fate = this.#decide(name, this.calls.length);
      this.calls.push(name);
      if (fate === 'kill-before') {
        process.dead = true;
        throw new KillError(name);
      }
      if (fate === 'fail-before' || fate === 'throttle') throw new Error(`${name}: ${fate}`);
      const answer = await call(...args);
      if (fate === 'kill-after') {
        process.dead = true;
        throw new KillError(name);
      }
      if (fate === 'fail-after') throw new Error(`${name}: the answer was lost`);
      return answer;
    };
  }
}

/** The fate of one call, by its number; all others pass. */
export function only(index: number, fate: Fate): (name: string, at: number) => Fate {
  return (_, at) => (at === index ? fate : 'pass');
}
