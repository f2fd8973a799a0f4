/** `cwlogs:GROUP`: the events of a log group as an input, read in several slices of time at once. */
import { DamagedInputError } from '../../map/1-decode/pieces.ts';
import type { TimeSpan } from '../../map/2-parse/parse.ts';
import type { LogEvent, LogEvents } from '../../ports/log-events.ts';
import type { Source } from '../../ports/source.ts';
import { Ahead } from './ahead.ts';
import { CallPace } from './call-pace.ts';
import { MissingSourceError } from './missing-source.ts';
import type { Input } from './plan.ts';
import type { OnBytes, RemoteInput, RemotePorts } from './remote.ts';

/**
 * FilterLogEvents takes ten calls a second in large regions and five in others, of an account
 * together: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
const CALLS_A_SECOND = 5;
/** Slices read at once, and pages of each that may wait; a page has a megabyte at most. */
const AT_ONCE = 4;
const PAGES_AHEAD = 3;
/** Seconds a slice: what it holds is told apart in memory. */
const LONGEST = 3_600;
const SHORTEST = 60;
/** Slices that a span is cut into, where they are not too long or too short. */
const SLICES = 16;

const PREFIX = 'cwlogs:';

/**
 * @throws MissingSourceError where there is no such group, or no time is given
 * @throws Refusal where it may not be read
 */
export async function logGroupInput(
  source: string,
  { events, clock }: Pick<RemotePorts, 'events' | 'clock'>,
  span: TimeSpan | undefined,
): Promise<Input> {
  const group = source.slice(PREFIX.length);
  if (group === '') throw new MissingSourceError(`${source} names no log group`);
  if (!span || !Number.isFinite(span.from)) {
    throw new MissingSourceError(`${source} needs a time to begin: --since 1h, or a day or time`);
  }
  const owner = await events.owner(group);
  if (!owner) throw new MissingSourceError(`there is no log group ${group}`);
  const until = Number.isFinite(span.until) ? span.until : Math.ceil(clock.now() / 1000);
  return {
    name: source,
    remote: new LogGroupInput(
      { kind: 'logGroup', name: group, ...owner },
      { from: span.from, until },
      { events, clock },
    ),
  };
}

class LogGroupInput implements RemoteInput {
  readonly source: Source;
  readonly #span: TimeSpan;
  readonly #ports: Pick<RemotePorts, 'events' | 'clock'>;

  constructor(source: Source, span: TimeSpan, ports: Pick<RemotePorts, 'events' | 'clock'>) {
    this.source = source;
    this.#span = span;
    this.#ports = ports;
  }

  /** As `aws logs filter-log-events` prints them, one a line. */
  async *pieces(onBytes: OnBytes): AsyncGenerator<Uint8Array> {
    const { events, clock } = this.#ports;
    const pace = new CallPace(clock, CALLS_A_SECOND);
    const slices = slicesOf(this.#span);
    const running: Ahead<readonly LogEvent[]>[] = [];
    try {
      for (const [i] of slices.entries()) {
        while (running.length < AT_ONCE && i + running.length < slices.length) {
          const slice = eventsOf(events, this.source.name, slices[i + running.length], pace);
          running.push(new Ahead(slice, PAGES_AHEAD));
        }
        for await (const page of running[0].items()) {
          const text = page.map((event) => `${JSON.stringify(event)}\n`).join('');
          const bytes = Buffer.from(text);
          onBytes(bytes.length);
          yield bytes;
        }
        running.shift();
      }
    } catch (error) {
      throw new DamagedInputError((error as Error).message, { cause: error });
    } finally {
      for (const slice of running) void slice.close();
    }
  }
}

/** Unix ms, from the first on, before the second. */
type Slice = readonly [from: number, until: number];

/** The span in slices that do not overlap. */
function slicesOf({ from, until }: TimeSpan): Slice[] {
  const even = Math.ceil((until - from) / SLICES);
  const length = Math.min(LONGEST, Math.max(SHORTEST, even));
  const slices: Slice[] = [];
  for (let at = from; at < until; at += length) {
    slices.push([at * 1000, Math.min(until, at + length) * 1000]);
  }
  return slices;
}

/** Pages of a slice. Where pages meet, an event may stand in both: it counts once. */
async function* eventsOf(
  events: LogEvents,
  group: string,
  slice: Slice,
  pace: CallPace,
): AsyncGenerator<readonly LogEvent[]> {
  const seen = new Set<string>();
  let next: string | undefined;
  do {
    const page = await pace.call(() => events.page(group, slice, next));
    const fresh = page.events.filter(({ stream, id }) => {
      const name = `${stream} ${id}`;
      if (seen.has(name)) return false;
      seen.add(name);
      return true;
    });
    if (fresh.length > 0) yield fresh;
    next = page.next;
  } while (next !== undefined);
}
