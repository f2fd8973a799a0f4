import { type FunctionSettings, Instance, type InvocationError, type Outcome } from './instance.ts';

/** What Lambda does with an asynchronous event that failed. */
export interface FailureSettings {
  /** Tries after the first. */
  readonly retries: number;
  /** ARN of the queue that takes it after the last. */
  readonly onFailure?: string;
}

/** A deployed function with its execution environments. */
export class LambdaFunction {
  readonly settings: FunctionSettings;
  readonly failure: FailureSettings;
  /** Every event it was started with, and how it went. */
  readonly invocations: { readonly event: unknown; readonly outcome: Outcome }[] = [];
  /** How far its clock is ahead, ms. */
  clock = 0;
  readonly #log: (stream: string, line: string) => void;
  readonly #idle: Instance[] = [];
  readonly #busy = new Set<Instance>();
  readonly #waiting: (() => void)[] = [];
  readonly #concurrency: number;

  constructor(
    settings: FunctionSettings,
    failure: FailureSettings,
    log: (stream: string, line: string) => void,
    concurrency: number,
  ) {
    this.settings = settings;
    this.failure = failure;
    this.#log = log;
    this.#concurrency = concurrency;
  }

  /** Runs an event in a warm environment, or a new one. */
  async invoke(event: unknown): Promise<Outcome> {
    const instance = await this.#take();
    try {
      const outcome = await instance.invoke(event, this.clock);
      this.invocations.push({ event, outcome });
      return outcome;
    } finally {
      this.#busy.delete(instance);
      if (instance.alive) this.#idle.push(instance);
      this.#waiting.shift()?.();
    }
  }

  /** Runs an asynchronous event to its end. @returns the last error when every try failed */
  async invokeAsync(event: unknown): Promise<InvocationError | undefined> {
    let last: InvocationError | undefined;
    for (let tries = 0; tries <= this.failure.retries; tries++) {
      const outcome = await this.invoke(event);
      if (outcome.ok) return undefined;
      last = outcome.error;
    }
    return last;
  }

  /** Ends every environment, running ones included: what comes next is a cold start. */
  async kill(): Promise<void> {
    const all = [...this.#idle.splice(0), ...this.#busy];
    await Promise.all(all.map((instance) => instance.kill()));
  }

  async #take(): Promise<Instance> {
    while (this.#busy.size >= this.#concurrency) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    let instance = this.#idle.pop();
    while (instance !== undefined && !instance.alive) instance = this.#idle.pop();
    if (instance === undefined) {
      const made: Instance = new Instance(this.settings, (line) => this.#log(streamOf(made), line));
      instance = made;
    }
    this.#busy.add(instance);
    return instance;
  }
}

function streamOf(instance: Instance): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${instance.id}`;
}
