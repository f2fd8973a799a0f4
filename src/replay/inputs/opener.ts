/** Opens inputs in their order, the next ones while the present one is read. */
import type { Readable } from 'node:stream';
import { type Opened, openPieces } from '../../map/1-decode/open.ts';
import {
  counted,
  drop,
  LEAST_PIECE,
  PIECE,
  type Pieces,
  piecesOfFile,
} from '../../map/1-decode/pieces.ts';
import type { Input } from './plan.ts';

/** Files opened ahead of the one that is read. */
const AHEAD = 3;

/** Flow logs unpack to five or six times their size. */
const UNPACKED = 8;

/** Buffers are made for each file anew, so those of a small one are small. */
function pieceFor(size = PIECE): number {
  return Math.min(PIECE, Math.max(LEAST_PIECE, size + 1));
}

export interface OpenerOptions {
  readonly stdin: Readable;
  /** Closes standard input, which may be silent for ever. */
  readonly stop: AbortSignal;
  /** Bytes read from disk or standard input, packed as they are. */
  readonly onBytes?: (count: number) => void;
}

export class Opener {
  readonly inputs: readonly Input[];
  readonly #options: OpenerOptions;
  readonly #opened = new Map<number, Promise<Opened>>();

  constructor(inputs: readonly Input[], options: OpenerOptions) {
    this.inputs = inputs;
    this.#options = options;
  }

  /** Starts on the first files, before anybody asks for them. Pipes are not touched. */
  ahead(from = 0): void {
    for (let i = from; i < Math.min(from + AHEAD, this.inputs.length); i++) {
      if (this.inputs[i].size !== undefined) void this.#open(i);
    }
  }

  async take(i: number): Promise<Opened> {
    const opened = this.#open(i);
    this.#opened.delete(i);
    this.ahead(i + 1);
    return opened;
  }

  /** Closes what nobody took. */
  async close(): Promise<void> {
    const left = [...this.#opened.values()];
    this.#opened.clear();
    for (const opened of left) await drop((await opened).all).catch(() => {});
  }

  #open(i: number): Promise<Opened> {
    let opened = this.#opened.get(i);
    if (!opened) {
      const input = this.inputs[i];
      opened = openPieces(this.#pieces(input), pieceFor(input.size && input.size * UNPACKED));
      // Seen when it is taken; until then it must not count as unhandled.
      opened.catch(() => {});
      this.#opened.set(i, opened);
    }
    return opened;
  }

  #pieces({ path, size }: Input): Pieces {
    const { stdin, stop, onBytes = () => {} } = this.#options;
    if (path !== undefined) return piecesOfFile(path, onBytes, pieceFor(size));
    stop.addEventListener('abort', () => stdin.destroy(), { once: true });
    return counted(stdin, onBytes);
  }
}
