/** Feeds inputs to the engine, one after another, and hands out its alerts. */
import type { Alert } from '../alerts/alert.ts';
import type { Batch } from '../map/1-decode/lines.ts';
import { DamagedInputError } from '../map/1-decode/pieces.ts';
import { giveBack } from '../map/1-decode/whole-lines.ts';
import type { Mapped } from '../map/map.ts';
import { compareDecisions, type Decision } from '../reduce/2-decide/decider.ts';
import { originOf, type ReplayEngine } from './engine.ts';
import { inOrder, type Workers } from './in-order.ts';
import type { Opener } from './inputs/opener.ts';
import type { LayoutChooser } from './inputs/payloads.ts';
import { isPipe } from './inputs/plan.ts';
import { type ReadOutcome, readOpened } from './inputs/read.ts';
import type { MapThreads } from './threads/map-threads.ts';

export interface ReplayOptions {
  readonly layoutsOf: LayoutChooser;
  readonly threads: MapThreads;
  /** Ends the run before the next batch. */
  readonly stop: AbortSignal;
  /** Alerts are handed out as they are decided, not at the end. */
  readonly asDecided?: boolean;
  readonly onAlerts: (alerts: readonly Alert[]) => Promise<void>;
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

/** Less is mapped in the time that it takes to hand it to a thread. */
const WORTH_SENDING = 32 * 1024;

/** Where so much has come threads are worth their start, whoever knows how much is still to come. */
const WORTH_THREADS = 32 * 1024 * 1024;

/** Lines of a pipe are handed on after so long, though they fill no chunk. ms */
const PATIENCE = 50;

/** A batch, or where it is absent the end of its input. */
interface Item {
  readonly input: InputTally;
  readonly batch?: Batch;
}

interface InputTally {
  readonly name: string;
  readonly read: ReadOutcome;
  /** Lines that could be read, whether or not they carry a flow. */
  readable: number;
  malformed: number;
}

/**
 * Replays the inputs in their order and lets everything settle at the end. Alerts of files are
 * handed out at the end, by slot, rule and group; with a pipe among the inputs, or where that is asked
 * for, as they are decided.
 * @throws ThreadFailedError
 */
export async function replay(
  opener: Opener,
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
  const live = opener.inputs.some(isPipe);
  const decided: Decision[] = [];
  const handOut = async (decisions: readonly Decision[]) => {
    if (decisions.length > 0) await options.onAlerts(decisions.map(({ alert }) => alert));
  };
  const { threads, stop } = options;
  const items = itemsOf(opener, live, options, outcome);
  for await (const [item, mapped] of inOrder(
    items,
    sharing(engine, threads),
    2 * threads.room + 1,
  )) {
    if (stop.aborted) break;
    if (item.batch && mapped) {
      engine.absorb(originOf(item.batch), mapped);
      count(item.input, mapped);
      giveBack(item.batch.lines.bytes);
      if (live || options.asDecided) await handOut(engine.takeDecisions());
      else decided.push(...engine.takeDecisions());
    } else conclude(item.input, outcome);
  }
  outcome.stopped = stop.aborted;
  if (!outcome.stopped) engine.settle();
  decided.push(...engine.takeDecisions());
  await handOut(decided.sort(compareDecisions));
  return outcome;
}

/** The batches of all inputs, each input's followed by its end. */
async function* itemsOf(
  opener: Opener,
  live: boolean,
  options: ReplayOptions,
  outcome: ReplayOutcome,
): AsyncGenerator<Item> {
  const reading = {
    layoutsOf: options.layoutsOf,
    onSample: (reason: string, line: string) => {
      if (!outcome.samples.has(reason)) outcome.samples.set(reason, line);
    },
    ...(live ? { patience: PATIENCE } : {}),
  };
  for (const [i, { name }] of opener.inputs.entries()) {
    if (options.stop.aborted) return;
    outcome.inputs++;
    const input = { name, read: { recognised: false } as ReadOutcome, readable: 0, malformed: 0 };
    try {
      const batches = readOpened(name, await opener.take(i), reading, input.read);
      for await (const batch of batches) yield { input, batch };
    } catch (error) {
      if (!(error instanceof DamagedInputError)) throw error;
      input.read.damage = error.message;
    }
    yield { input };
  }
}

/** What is mapped in threads, and what here. */
function sharing(engine: ReplayEngine, threads: MapThreads): Workers<Item, Mapped | undefined> {
  let bytes = 0;
  return {
    offer: ({ batch }) => {
      if (!batch) return Promise.resolve(undefined);
      return originOf(batch).bytes < WORTH_SENDING ? undefined : threads.map(batch);
    },
    own: ({ batch }) => {
      bytes += originOf(batch!).bytes;
      if (bytes > WORTH_THREADS) threads.start();
      return engine.map(batch!);
    },
  };
}

function count(input: InputTally, { counts }: Mapped): void {
  input.readable += counts.records + counts.noData + counts.skipData + counts.outside;
  input.malformed += counts.malformed;
}

function conclude({ name, read, readable, malformed }: InputTally, outcome: ReplayOutcome): void {
  const some = readable > 0;
  if (some || read.recognised) outcome.recognised = true;
  if (read.damage !== undefined) outcome.unread.push({ name, why: read.damage });
  else if (!some && malformed > 0) {
    outcome.unread.push({ name, why: 'no line of it is a flow record' });
  }
}
