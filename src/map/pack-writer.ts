/**
 * Many batches in few log entries, each of them in one, however often and in whatever company it is
 * delivered.
 *
 * What came in one shard of a stream in one span of time forms a row of packs, numbered from 0. A
 * writer puts the next number on condition that it is not there; if it is, it reads that pack, leaves
 * out what is in it, and tries the number after. So whoever puts a pack has seen all before it.
 */
import { DigestFormatError, decodeDigest, encodeDigest } from '../log/codec.ts';
import type { PackMember } from '../log/digest.ts';
import { memberKey, packKey } from '../log/key.ts';
import type { DigestLog, LogEntry } from '../ports/digest-log.ts';
import { MOST_BYTES } from './shard-digest.ts';

/** Where a row of packs is. */
export interface Row {
  /** Reducers' shard. */
  readonly shard: number;
  /** Start of the span, Unix seconds. */
  readonly begins: number;
  /** Hex name of the stream's shard. */
  readonly name: string;
}

interface Known {
  next: number;
  readonly members: Set<string>;
}

/** Rows that are remembered, so that they need not be read again. */
const MOST_ROWS = 64;
const LAST_PART = 999_999;

export class PackWriter {
  readonly #log: DigestLog;
  readonly #rows = new Map<string, Known>();

  constructor(log: DigestLog) {
    this.#log = log;
  }

  /**
   * Adds batches to a row, but for those that are in it.
   * @param at arrival, Unix ms
   * @returns those that are too large for a pack even alone: not written
   * @throws when the log cannot be reached: the same batches must come again
   */
  async write(
    row: Row,
    members: readonly PackMember[],
    at: number,
  ): Promise<{ readonly packs: LogEntry[]; readonly tooLarge: PackMember[] }> {
    const known = await this.#known(row);
    const packs: LogEntry[] = [];
    const tooLarge: PackMember[] = [];
    const pieces = [distinct(members)];
    for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
      const fresh = piece.filter((member) => !known.members.has(memberKey(member)));
      if (fresh.length === 0) continue;
      const data = encodeDigest({ kind: 'pack', members: fresh });
      if (data.length > MOST_BYTES) {
        const half = Math.ceil(fresh.length / 2);
        if (fresh.length === 1) tooLarge.push(...fresh);
        else pieces.push(fresh.slice(half), fresh.slice(0, half));
        continue;
      }
      const key = packKey(row.begins, row.name, known.next);
      const entry = { shard: row.shard, key, at, data };
      if ((await this.#log.put(entry)) === 'stored') {
        learn(known, fresh);
        packs.push(entry);
      } else {
        // Another writer's, or our own whose answer was lost.
        await this.#read(row, known, known.next, known.next);
        pieces.push(fresh);
      }
    }
    return { packs, tooLarge };
  }

  async #known(row: Row): Promise<Known> {
    const name = `${row.shard} ${packKey(row.begins, row.name, 0)}`;
    let known = this.#rows.get(name);
    if (!known) {
      known = { next: 0, members: new Set() };
      await this.#read(row, known, 0, LAST_PART);
      this.#rows.set(name, known);
      const [oldest] = this.#rows.keys();
      if (this.#rows.size > MOST_ROWS) this.#rows.delete(oldest);
    }
    return known;
  }

  async #read({ shard, begins, name }: Row, known: Known, from: number, to: number) {
    const [first, last] = [packKey(begins, name, from), packKey(begins, name, to)];
    for await (const { data } of this.#log.read(shard, first, last)) {
      learn(known, membersOf(data));
    }
  }
}

function learn(known: Known, members: readonly PackMember[]): void {
  known.next++;
  for (const member of members) known.members.add(memberKey(member));
}

/** The same batch twice at once: CloudWatch Logs delivers at least once. */
function distinct(members: readonly PackMember[]): PackMember[] {
  return [...new Map(members.map((member) => [memberKey(member), member])).values()];
}

/** A pack that cannot be read is parked by the reducer: what is in it does not count. */
function membersOf(data: Uint8Array): readonly PackMember[] {
  try {
    const digest = decodeDigest(data);
    return digest.kind === 'pack' ? digest.members : [];
  } catch (error) {
    if (error instanceof DigestFormatError) return [];
    throw error;
  }
}
