import type { Io, Printer } from './io.ts';

/** What a verb gets beside its own arguments. */
export interface Context {
  readonly io: Io;
  readonly out: Printer;
  readonly err: Printer;
  /** Sets the exit code; without it a verb that ends is `done`. */
  exit(code: number): void;
}
