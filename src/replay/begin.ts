/** What a replay can begin before its rules are read: finding, opening and unpacking, and threads. */
import { availableParallelism } from 'node:os';
import { Opener, type OpenerOptions } from './inputs/opener.ts';
import { type PlanOptions, planInputs } from './inputs/plan.ts';
import { MapThreads } from './threads/map-threads.ts';

export interface BeginOptions extends OpenerOptions, Omit<PlanOptions, 'stop'> {
  /** Threads that map, the main one included; one a processor, where it is worth it, unless given. */
  readonly threads?: number;
}

export interface Begun {
  readonly opener: Opener;
  readonly threads: MapThreads;
  /** Bytes to read, undefined where a pipe or log group is among the sources. */
  readonly size: number | undefined;
  /** Ends all that is still open or running. */
  close(): Promise<void>;
}

/** More threads than one can read and reduce for do not help. */
const MOST_THREADS = 8;

/**
 * Files that are smaller together are read no sooner with threads, which take their time to start and
 * to compile what they run; bytes on disk. Whoever asks for threads gets them.
 */
const WORTH_THREADS = 16 * 1024 * 1024;

/**
 * @throws MissingSourceError on a source that does not exist
 * @throws Refusal where AWS refuses to say what there is
 */
export async function begin(sources: readonly string[], options: BeginOptions): Promise<Begun> {
  const inputs = await planInputs(sources, options);
  const opener = new Opener(inputs, options);
  const count = options.threads ?? Math.min(availableParallelism(), MOST_THREADS);
  const threads = new MapThreads(count - 1);
  opener.ahead();
  const sizes = inputs.map((input) => input.size);
  const known = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (options.threads !== undefined || known > WORTH_THREADS) threads.start();
  return {
    opener,
    threads,
    size: sizes.includes(undefined) ? undefined : known,
    close: async () => {
      await Promise.all([opener.close(), threads.close()]);
    },
  };
}
