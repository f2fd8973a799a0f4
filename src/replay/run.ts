/** Feeds inputs to the engine, one after another, and hands out alerts as they are decided. */
import type { Readable } from 'node:stream';
import type { Alert } from '../alerts/alert.ts';
import type { ReplayEngine } from './engine.ts';
import type { LayoutChooser } from './inputs/payloads.ts';
import { counted, DamagedInputError, type Pieces, piecesOfFile } from './inputs/pieces.ts';
import type { Input } from './inputs/plan.ts';
import { type ReadOutcome, readBatches } from './inputs/read.ts';

export interface ReplayOptions {
  readonly layoutsOf: LayoutChooser;
  readonly stdin: Readable;
  /** Ends the run before the next batch. */
  readonly stop: AbortSignal;
  readonly onAlerts: (alerts: readonly Alert[]) => Promise<void>;
  /** Bytes read from disk or standard input, packed as they are. */
  readonly onBytes?: (count: number) => void;
}

export interface ReplayOutcome {
  /** Inputs that were opened. */
  inputs: number;
  /** Inputs that were not read in full, and why. */
  readonly unread: { readonly name: string; readonly why: string }[];
  /** A line for each reason that the engine's own samples lack. */
  readonly samples: Map<string, string>;
  /** Some input had a known form, be it without a record. */
  recognised: boolean;
  stopped: boolean;
}

/**
 * Replays the inputs in their order and lets everything settle at the end.
 * @throws UnsupportedInputError on content that no version up to this one reads
 */
export async function replay(
  inputs: readonly Input[],
  engine: ReplayEngine,
  options: ReplayOptions,
): Promise<ReplayOutcome> {
  const outcome: ReplayOutcome = {
    inputs: 0,
    unread: [],
    samples: new Map(),
    recognised: false,
    stopped: false,
  };
  for (const input of inputs) {
    if (options.stop.aborted) break;
    outcome.inputs++;
    await replayOne(input, engine, options, outcome);
  }
  outcome.stopped = options.stop.aborted;
  if (!outcome.stopped) await handOut(engine.finish(), options);
  return outcome;
}

async function replayOne(
  input: Input,
  engine: ReplayEngine,
  options: ReplayOptions,
  outcome: ReplayOutcome,
): Promise<void> {
  const read: ReadOutcome = { recognised: false };
  const before = readable(engine);
  const malformed = engine.totals.malformed;
  const onSample = (reason: string, line: string) => {
    if (!outcome.samples.has(reason)) outcome.samples.set(reason, line);
  };
  const batches = readBatches(
    input.name,
    piecesOf(input, options),
    { layoutsOf: options.layoutsOf, onSample },
    read,
  );
  try {
    for await (const batch of batches) {
      engine.feed(batch);
      await handOut(engine.take(), options);
      if (options.stop.aborted) return;
    }
  } catch (error) {
    if (!(error instanceof DamagedInputError)) throw error;
    read.damage = error.message;
  }
  // Stopping closes standard input under the reader's feet, which is no damage.
  if (options.stop.aborted) return;
  const some = readable(engine) > before;
  if (some || read.recognised) outcome.recognised = true;
  if (read.damage !== undefined) outcome.unread.push({ name: input.name, why: read.damage });
  else if (!some && engine.totals.malformed > malformed) {
    outcome.unread.push({ name: input.name, why: 'no line of it is a flow record' });
  }
}

function piecesOf(input: Input, options: ReplayOptions): Pieces {
  const onBytes = options.onBytes ?? (() => {});
  if (input.path !== undefined) return piecesOfFile(input.path, onBytes);
  options.stop.addEventListener('abort', () => options.stdin.destroy(), { once: true });
  return counted(options.stdin, onBytes);
}

/** Lines that could be read, whether or not they carry a flow. */
function readable(engine: ReplayEngine): number {
  const { records, noData, skipData } = engine.totals;
  return records + noData + skipData;
}

async function handOut(alerts: readonly Alert[], options: ReplayOptions): Promise<void> {
  if (alerts.length > 0) await options.onAlerts(alerts);
}
