/** From the bytes of a source to batches that the engine takes, whatever the source holds. */

import { batchIdentity } from '../../map/1-decode/identity.ts';
import type { Batch } from '../../map/1-decode/lines.ts';
import { MAX_WRAPPINGS, openPieces } from '../../map/1-decode/open.ts';
import { DamagedInputError, drop, type Pieces } from '../../map/1-decode/pieces.ts';
import { TextReader } from '../../map/1-decode/text-reader.ts';
import { Base64Text } from './base64-text.ts';
import { JsonValues } from './json-values.ts';
import type { OpenedInput } from './opener.ts';
import { readParquet } from './parquet-input.ts';
import { withPauses } from './pauses.ts';
import { type LayoutChooser, PayloadReader } from './payloads.ts';

export interface ReadOptions {
  readonly layoutsOf: LayoutChooser;
  /** Told of what could not be read, for the few samples that a summary shows. */
  readonly onSample?: (reason: string, line: string) => void;
  /**
   * Milliseconds that lines may wait for a chunk to fill; without it as long as it takes, so that
   * the chunks do not depend on the time.
   */
  readonly patience?: number;
}

/** What became of a source, known once its last batch was taken. */
export interface ReadOutcome {
  /** The content had a known form, be it without a record in it. */
  recognised: boolean;
  /** Why a part or all of it was not read. */
  damage?: string | undefined;
}

/**
 * Reads a source to its end.
 * @param outcome filled in while reading; a damaged source is reported there, not thrown
 */
export async function* readBatches(
  name: string,
  bytes: Pieces,
  options: ReadOptions,
  outcome: ReadOutcome,
): AsyncGenerator<Batch> {
  const source = { kind: 'file', name } as const;
  yield* readOpened(name, { ...(await openPieces(bytes)), source }, options, outcome);
}

/** The same of a source that was opened before. */
export async function* readOpened(
  name: string,
  opened: OpenedInput,
  options: ReadOptions,
  outcome: ReadOutcome,
): AsyncGenerator<Batch> {
  const { content, all, source } = opened;
  const onSample = options.onSample ?? (() => {});
  switch (content.kind) {
    case 'parquet':
      yield* readParquet(name, opened, outcome);
      return;
    case 'foreign':
      await drop(all);
      outcome.damage = `it is ${content.name}`;
      return;
    case 'gzip':
      await drop(all);
      outcome.damage = `it is gzip inside gzip, more than ${MAX_WRAPPINGS} times over`;
      return;
    case 'empty':
    case 'probe':
      outcome.recognised = content.kind === 'probe';
      outcome.damage = await failureOf(all);
      return;
    case 'text': {
      const reader = new TextReader(source, options.layoutsOf(source), onSample, {
        identityOf: (offset) => batchIdentity(name, String(offset)),
      });
      yield* drain(all, options, outcome, {
        push: (piece) => reader.push(piece),
        flush: () => reader.flush(),
        end: (broken) => reader.end(broken),
      });
      outcome.recognised = reader.sawHeader;
      return;
    }
    case 'json': {
      const values = new JsonValues(content.level);
      const reader = new PayloadReader(name, source, options.layoutsOf, onSample);
      yield* drain(all, options, outcome, {
        *push(piece) {
          for (const value of values.push(piece)) yield* reader.value(value);
        },
        flush: () => reader.flush(),
        *end() {
          reader.fault('not-json', values.faults.notJson);
          reader.fault('too-large', values.faults.tooLarge);
          if (values.open) {
            reader.fault('cut-off');
            outcome.damage ??= 'the JSON breaks off before its end';
          }
          yield* reader.flush();
        },
      });
      outcome.recognised = reader.recognised || content.level > 0;
      return;
    }
    case 'base64': {
      const text = new Base64Text();
      const reader = new PayloadReader(name, source, options.layoutsOf, onSample);
      yield* drain(all, options, outcome, {
        *push(piece) {
          for (const payload of text.push(piece)) yield* reader.packed(payload);
        },
        flush: () => reader.flush(),
        *end() {
          for (const payload of text.end()) yield* reader.packed(payload);
          yield* reader.flush();
        },
      });
      outcome.recognised = reader.recognised;
    }
  }
}

interface Reader {
  push(piece: Uint8Array): Iterable<Batch>;
  /** What can be handed on though more may come. */
  flush(): Iterable<Batch>;
  end(broken: boolean): Iterable<Batch>;
}

/** Feeds the pieces to a reader and its end, also where the source breaks off. */
async function* drain(
  all: Pieces,
  { patience }: ReadOptions,
  outcome: ReadOutcome,
  reader: Reader,
): AsyncGenerator<Batch> {
  try {
    if (patience === undefined) for await (const piece of all) yield* reader.push(piece);
    else {
      for await (const piece of withPauses(all, patience)) {
        yield* piece === undefined ? reader.flush() : reader.push(piece);
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedInputError)) throw error;
    outcome.damage = error.message;
  }
  yield* reader.end(outcome.damage !== undefined);
}

/** Why an empty stream is empty: nothing was in it, or it could not be read. */
async function failureOf(all: Pieces): Promise<string | undefined> {
  try {
    await drop(all);
    return undefined;
  } catch (error) {
    if (error instanceof DamagedInputError) return error.message;
    throw error;
  }
}
