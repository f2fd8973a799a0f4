/** The streams and surroundings of one run; tests bring their own. */
import type { Readable, Writable } from 'node:stream';

export interface Output extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Io {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGINT. */
  readonly interrupt: AbortSignal;
}

/** Writes text to a stream at the reader's pace, and knows when the reader has gone. */
export class Printer {
  /** The reader closed its end (`| head`); nothing more is written. */
  closed = false;
  readonly #stream: Output;

  constructor(stream: Output) {
    this.#stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.closed = true;
    });
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true;
  }

  async print(text: string): Promise<void> {
    if (this.closed || this.#stream.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        for (const event of ['drain', 'error', 'close']) this.#stream.off(event, done);
        resolve();
      };
      for (const event of ['drain', 'error', 'close']) this.#stream.once(event, done);
    });
  }

  async line(text = ''): Promise<void> {
    await this.print(`${text}\n`);
  }
}
