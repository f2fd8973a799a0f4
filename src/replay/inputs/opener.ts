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
import type { Source } from '../../ports/source.ts';
import { openFile } from './open-file.ts';
import { type Input, isPipe } from './plan.ts';
import type { OpenFile } from './remote.ts';

/** Files opened ahead of the one that is read; of those far away more, to make up for the way. */
const AHEAD = 3;
const REMOTE_AHEAD = 8;

/** Flow logs unpack to five or six times their size. */
const UNPACKED = 8;

/** Buffers are made for each file anew, so those of a small one are small. */
function pieceFor(size = PIECE): number {
  return Math.min(PIECE, Math.max(LEAST_PIECE, size + 1));
}

/** An input whose content was recognised. */
export interface OpenedInput extends Opened {
  readonly source: Source;
  /** Its bytes as they are stored, to jump about in; absent where they come one after another. */
  readonly open?: () => Promise<OpenFile>;
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
  readonly #opened = new Map<number, Promise<OpenedInput>>();

  constructor(inputs: readonly Input[], options: OpenerOptions) {
    this.inputs = inputs;
    this.#options = options;
  }

  /** Starts on the first files, before anybody asks for them. Pipes are not touched. */
  ahead(from = 0): void {
    const ahead = this.inputs[from]?.remote ? REMOTE_AHEAD : AHEAD;
    for (let i = from; i < Math.min(from + ahead, this.inputs.length); i++) {
      if (!isPipe(this.inputs[i])) void this.#open(i);
    }
  }

  async take(i: number): Promise<OpenedInput> {
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

  #open(i: number): Promise<OpenedInput> {
    let opened = this.#opened.get(i);
    if (!opened) {
      const input = this.inputs[i];
      opened = this.#recognise(input);
      // Seen when it is taken; until then it must not count as unhandled.
      opened.catch(() => {});
      this.#opened.set(i, opened);
    }
    return opened;
  }

  async #recognise(input: Input): Promise<OpenedInput> {
    const { name, path, size, remote } = input;
    const opened = await openPieces(this.#pieces(input), pieceFor(size && size * UNPACKED));
    const source = remote?.source ?? { kind: 'file', name };
    const { onBytes = () => {} } = this.#options;
    if (remote) {
      return { ...opened, source, ...(remote.open && { open: () => remote.open!(onBytes) }) };
    }
    const jumps = path !== undefined && size !== undefined;
    return { ...opened, source, ...(jumps && { open: () => openFile(path, onBytes) }) };
  }

  #pieces({ path, size, remote }: Input): Pieces {
    const { stdin, stop, onBytes = () => {} } = this.#options;
    if (remote) return remote.pieces(onBytes);
    if (path !== undefined) return piecesOfFile(path, onBytes, pieceFor(size));
    stop.addEventListener('abort', () => stdin.destroy(), { once: true });
    return counted(stdin, onBytes);
  }
}
