import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export interface FunctionSettings {
  readonly name: string;
  readonly handler: string;
  /** Seconds. */
  readonly timeout: number;
  /** Megabytes. */
  readonly memory: number;
  /** Everything the process sees; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the package was unpacked. */
  readonly directory: string;
}

export interface InvocationError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: InvocationError };

interface Reply {
  readonly id: string;
  readonly value?: unknown;
  readonly error?: InvocationError;
  readonly fatal?: boolean;
}

/** One execution environment of a function: a process that lives from a cold start to its end. */
export class Instance {
  readonly id = randomUUID().replaceAll('-', '');
  readonly #settings: FunctionSettings;
  readonly #process: ChildProcess;
  readonly #gone: Promise<void>;
  #alive = true;

  /** @param log takes each line the function writes */
  constructor(settings: FunctionSettings, log: (line: string) => void) {
    this.#settings = settings;
    this.#process = fork(join(import.meta.dirname, 'runtime.mjs'), {
      cwd: settings.directory,
      env: settings.environment as NodeJS.ProcessEnv,
      // The share of memory Lambda leaves to the JavaScript heap.
      execArgv: [`--max-old-space-size=${Math.floor(settings.memory * 0.9)}`],
      silent: true,
      // Out of the terminal's group: Ctrl-C is for the harness, which ends its functions itself.
      detached: true,
    });
    eachLine(this.#process.stdout, log);
    eachLine(this.#process.stderr, log);
    this.#gone = new Promise((resolve) => {
      this.#process.once('exit', () => {
        this.#alive = false;
        resolve();
      });
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Runs one event; a process that dies or takes too long is an error, as on Lambda.
   * @param clock how far the function's clock is ahead, ms
   */
  async invoke(event: unknown, clock: number): Promise<Outcome> {
    const id = randomUUID();
    const { timeout, name } = this.#settings;
    const reply = this.#reply(id);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeout * 1_000);
    });
    const context = {
      awsRequestId: id,
      functionName: name,
      memoryLimitInMB: this.#settings.memory,
    };
    this.#process.send({ id, event, context, clock, deadline: Date.now() + timeout * 1_000 });
    const first = await Promise.race([reply, late, this.#gone]);
    clearTimeout(timer);
    if (first === 'late') {
      await this.kill();
      return failed('Sandbox.Timedout', `Task timed out after ${timeout.toFixed(2)} seconds`);
    }
    if (first === undefined) return failed('Runtime.ExitError', 'Runtime exited without an answer');
    if (first.fatal) await this.kill();
    return first.error === undefined
      ? { ok: true, value: first.value }
      : { ok: false, error: first.error };
  }

  #reply(id: string): Promise<Reply> {
    return new Promise((resolve) => {
      const listen = (message: unknown) => {
        if ((message as Reply).id !== id) return;
        this.#process.off('message', listen);
        resolve(message as Reply);
      };
      this.#process.on('message', listen);
    });
  }

  /** Ends the process at once, as Lambda ends an environment: with no chance to tidy up. */
  async kill(): Promise<void> {
    if (this.#alive) this.#process.kill('SIGKILL');
    await this.#gone;
  }
}

function failed(errorType: string, errorMessage: string): Outcome {
  return { ok: false, error: { errorType, errorMessage } };
}

function eachLine(stream: Readable | null, take: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') take(line);
  });
}
