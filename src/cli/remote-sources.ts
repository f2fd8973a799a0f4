/** Sources at AWS for commands that read flow logs: s3://BUCKET/PREFIX and cwlogs:GROUP. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredLogs } from '../adapters/aws/stored-logs.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { TimeSpan } from '../map/2-parse/parse.ts';
import { isLogGroup, type RemotePorts } from '../replay/inputs/remote.ts';
import type { Printer } from './io.ts';
import { type Since, sinceWhen } from './moments.ts';

export interface RemoteFlags {
  readonly region?: string;
  readonly profile?: string;
  readonly format?: string;
}

/** The times that --since and --until name; undefined where neither is given. */
export function spanOf(
  { since, until }: { readonly since?: Since; readonly until?: number },
  now: number,
): TimeSpan | undefined {
  if (since === undefined && until === undefined) return undefined;
  return {
    from: since === undefined ? -Infinity : Math.floor(sinceWhen(since, now) / 1000),
    until: until ?? Infinity,
  };
}

export class RemoteSources {
  readonly #flags: RemoteFlags;
  #stored: Promise<StoredLogs> | undefined;

  constructor(flags: RemoteFlags) {
    this.#flags = flags;
  }

  /** Loads the clients when there is something to read with them. */
  readonly ports = async (): Promise<RemotePorts> => {
    const { listing, objects, events } = await this.#logs();
    const clock = {
      now: () => Date.now(),
      sleep: async (ms: number) => {
        await sleep(ms);
      },
    };
    return { listing, objects, events, clock };
  };

  /**
   * What the account says of its log groups beside what the settings say, where lines of some are read.
   * Where it may not be asked, that is told, and the settings or the default format stand.
   */
  async described(sources: readonly string[], snapshot: Snapshot, err: Printer): Promise<Snapshot> {
    if (!sources.some(isLogGroup) || this.#flags.format !== undefined) return snapshot;
    const { catalog } = await this.#logs();
    try {
      const { formats, flowLogs } = await catalog.describe();
      return {
        ...snapshot,
        formats: { ...formats, ...snapshot.formats },
        flowLogs: { ...flowLogs, ...snapshot.flowLogs },
      };
    } catch (error) {
      await err.line(`${(error as Error).message}, or with --format.`);
      return snapshot;
    }
  }

  #logs(): Promise<StoredLogs> {
    this.#stored ??= import('../adapters/aws/stored-logs.ts').then(({ storedLogs }) =>
      storedLogs(this.#flags),
    );
    return this.#stored;
  }
}
