/** The command line in this process, with streams of its own. */
import { PassThrough } from 'node:stream';
import { run } from '../../src/cli/program.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly interrupt?: AbortSignal;
  /** Makes standard error a terminal. */
  readonly tty?: boolean;
}

/** Runs one command line to its end. */
export async function cli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const stdin = new PassThrough();
  stdin.end(options.stdin ?? '');
  const out = collector();
  const err = collector();
  if (options.tty) Object.assign(err.stream, { isTTY: true, columns: 100, rows: 30 });
  const code = await run(args, {
    stdin,
    stdout: out.stream,
    stderr: err.stream,
    env: options.env ?? {},
    interrupt: options.interrupt ?? new AbortController().signal,
  });
  return { code, out: out.text(), err: err.text() };
}

function collector(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  return { stream, text: () => Buffer.concat(pieces).toString() };
}
