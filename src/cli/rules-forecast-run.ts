/** One set of rules over the flow logs of a forecast. */
import { writeUnits } from '../adapters/aws/item-size.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Written } from '../forecast/digest-cost.ts';
import type { Tried } from '../forecast/forecast.ts';
import { ForecastEngine, withoutShadow } from '../forecast/forecast-engine.ts';
import { begin } from '../replay/begin.ts';
import { isLogGroup } from '../replay/inputs/remote.ts';
import { replay } from '../replay/run.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { layoutChooser } from './layouts.ts';
import type { Since } from './moments.ts';
import { startProgress } from './progress.ts';
import { refusalOf } from './refusals.ts';
import { type RemoteFlags, RemoteSources, spanOf } from './remote-sources.ts';
import { AlertTally } from './tally.ts';

export interface ForecastRun {
  readonly sources: readonly string[];
  readonly flags: RemoteFlags & { readonly since: Since };
  readonly context: Context;
}

export interface TriedOver extends Tried {
  readonly written: Written;
  /** From the first record to the last. */
  readonly seconds: number;
  readonly records: number;
  /** Sources that were not read in full. */
  readonly unread: number;
}

/** @returns undefined where it was interrupted */
export async function tryRules(
  snapshot: Snapshot,
  { sources, flags, context }: ForecastRun,
): Promise<TriedOver | undefined> {
  const { io, err } = context;
  const remote = new RemoteSources(flags);
  const described = await remote.described(sources, snapshot, err);
  const engine = new ForecastEngine(withoutShadow(described), writeUnits);
  // Of files and buckets all is read that is named; a log group has no end.
  const span = sources.some(isLogGroup) ? spanOf({ since: flags.since }, Date.now()) : undefined;
  const tally = new AlertTally();
  let read: (bytes: number) => void = () => {};
  try {
    // One thread: what is written is found out where batches are mapped.
    const begun = await begin(sources, {
      stdin: io.stdin,
      stop: io.interrupt,
      threads: 1,
      remote: remote.ports,
      ...(span && { span }),
      onBytes: (count) => read(count),
    });
    const progress = await startProgress(io.stderr, begun.size, () => performance.now());
    read = (count) => progress.advance(count, engine.totals.records);
    try {
      begun.threads.begin(engine.mapRules);
      const outcome = await replay(begun.opener, engine, {
        layoutsOf: layoutChooser(flags.format, described.formats),
        threads: begun.threads,
        stop: io.interrupt,
        onAlerts: async (alerts) => {
          for (const alert of alerts) if (alert.type === 'alert') tally.add(alert);
        },
      });
      if (outcome.stopped) return undefined;
      for (const { name, why } of outcome.unread) await err.line(`${name}: ${why}`);
      const { first, last, records } = engine.totals;
      if (records === 0) {
        throw new CommandError(EXIT.failed, 'There is no flow record in what was read.');
      }
      return {
        rules: new Map(tally.rules.map((rule) => [rule.rule, rule])),
        written: engine.written,
        seconds: Math.max(60, last - first + 60),
        records,
        unread: outcome.unread.length,
      };
    } finally {
      progress.stop();
      await begun.close();
    }
  } catch (error) {
    const { name, message } = error as Error;
    const said = name === 'MissingSourceError' ? message : refusalOf(error);
    if (said !== undefined) throw new CommandError(EXIT.failed, said);
    throw error;
  }
}
