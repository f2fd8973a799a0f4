/** The deployed loops over memory, with faults between, and the callers that try again. */
import { MemoryCheckpointStore } from '../../src/adapters/local/memory-checkpoint-store.ts';
import { MemoryDeadLetters } from '../../src/adapters/local/memory-dead-letters.ts';
import { MemoryDigestLog } from '../../src/adapters/local/memory-digest-log.ts';
import { MemoryMetricSink } from '../../src/adapters/local/memory-metric-sink.ts';
import type { Alert } from '../../src/alerts/alert.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { subscriptionEvent } from '../../src/generator/subscription.ts';
import { Ingest } from '../../src/map/ingest.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import { type Notifier, PermanentNotifyError } from '../../src/ports/notifier.ts';
import { decodeCheckpoint } from '../../src/reduce/3-checkpoint/checkpoint.ts';
import { ReduceLoop, type ReducePorts } from '../../src/reduce/run.ts';
import type { ShardState } from '../../src/reduce/state.ts';
import { asLogEntry, aTick, type Flow, lineOf } from '../reduce/flows.ts';
import { Faults, type Process } from './faults.ts';

export const LEASE = 300_000;
/** More tries than any one fault needs. */
const MOST_TRIES = 6;

/** Takes alerts, but never those of the rules it is told to refuse. */
class Topic implements Notifier {
  readonly published: Alert[] = [];
  refused = new Set<string>();
  down = false;

  async publish(alert: Alert): Promise<string> {
    if (this.down) throw new Error('the topic does not answer');
    if (this.refused.has(alert.rule.id)) throw new PermanentNotifyError('refused for good');
    return `message-${this.published.push(alert)}`;
  }
}

export interface Logged {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What outlives every process, and the processes. */
export class World {
  readonly faults = new Faults();
  readonly digests = new MemoryDigestLog();
  readonly checkpoints = new MemoryCheckpointStore();
  readonly topic = new Topic();
  readonly metrics = new MemoryMetricSink();
  readonly letters = new MemoryDeadLetters();
  readonly logged: Logged[] = [];
  /** Unix ms. */
  now: number;
  snapshot: Snapshot | undefined;
  readonly shards: number;
  #processes = 0;
  #ingest: { readonly loop: Ingest; readonly process: Process } | undefined;
  #reduce: { readonly loop: ReduceLoop; readonly process: Process } | undefined;
  /** Entries of each shard that the stream has handed over. */
  readonly #handed = new Set<string>();

  constructor(snapshot: Snapshot | undefined, now: number, shards = 1) {
    this.snapshot = snapshot;
    this.now = now;
    this.shards = shards;
  }

  readonly #log: ReducePorts['log'] = (_level, event, fields = {}) => {
    this.logged.push({ event, fields });
  };

  events(name: string): Logged[] {
    return this.logged.filter(({ event }) => event === name);
  }

  newIngest(process: Process): Ingest {
    const { faults } = this;
    return new Ingest(
      {
        digests: faults.wrap(this.digests, 'map.digests', process),
        deadLetters: faults.wrap(this.letters, 'map.letters', process),
        snapshot: faults.wrapCall(async () => this.snapshot, 'map.snapshot', process),
        log: this.#log,
        now: () => this.now,
      },
      { shards: this.shards, instance: `map-${this.#processes++}`, region: 'eu-west-1' },
    );
  }

  newReduce(process: Process, over: Partial<ReducePorts> = {}): ReduceLoop {
    const { faults } = this;
    return new ReduceLoop(
      {
        checkpoints: faults.wrap(this.checkpoints, 'reduce.checkpoints', process),
        notifier: faults.wrap(this.topic, 'reduce.notifier', process),
        metrics: faults.wrap(this.metrics, 'reduce.metrics', process),
        deadLetters: faults.wrap(this.letters, 'reduce.letters', process),
        snapshot: faults.wrapCall(async () => this.snapshot, 'reduce.snapshot', process),
        log: this.#log,
        now: () => this.now,
        ...over,
      },
      { stage: 'test', writer: `reduce-${this.#processes++}`, lease: LEASE },
    );
  }

  /** Lambda with a subscription: a process that died is followed by another, the event comes again. */
  async deliver(event: unknown): Promise<void> {
    await persistently(async () => {
      if (this.#ingest === undefined || this.#ingest.process.dead) {
        const process = { dead: false };
        this.#ingest = { process, loop: this.newIngest(process) };
      }
      await this.#ingest.loop.subscription(event);
    });
  }

  /** The stream: what is new goes to the reducer, the same batch until it succeeds. */
  async stream(): Promise<void> {
    const batch = this.fresh();
    if (batch.length > 0) await this.hand(batch);
  }

  /** Entries that the stream has not handed over; they count as handed over now. */
  fresh(): LogEntry[] {
    const entries = Array.from({ length: this.shards }, (_, shard) => this.digests.entries(shard));
    const name = ({ shard, key }: LogEntry) => `${shard} ${key}`;
    const batch = entries.flat().filter((entry) => !this.#handed.has(name(entry)));
    for (const entry of batch) this.#handed.add(name(entry));
    return batch;
  }

  async hand(batch: readonly LogEntry[]): Promise<void> {
    await persistently(() => this.tryHand(batch));
  }

  /** One invocation. */
  async tryHand(batch: readonly LogEntry[]): Promise<void> {
    if (this.#reduce === undefined || this.#reduce.process.dead) this.restart();
    await this.#reduce?.loop.run(batch);
  }

  /** The reducer's next invocation is a new process. */
  restart(): void {
    const process = { dead: false };
    this.#reduce = { process, loop: this.newReduce(process) };
  }

  /** A minute passes, and its tick goes through the log of every shard. */
  async minute(minutes = 1): Promise<void> {
    for (let i = 0; i < minutes; i++) {
      this.now += 60_000;
      for (let shard = 0; shard < this.shards; shard++) {
        await this.digests.put(asLogEntry(aTick(this.now), shard));
      }
      await this.stream();
    }
  }

  async memory(shard = 0): Promise<ShardState | undefined> {
    const stored = await this.checkpoints.load(shard);
    return stored && decodeCheckpoint(stored.body);
  }
}

async function persistently(attempt: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
    }
  }
}

/** A subscription's delivery of some flows. */
export function delivery(flows: readonly Flow[], logStream = 'eni-1'): unknown {
  const owner = '123456789012';
  return subscriptionEvent({ logGroup: '/vpc/main', logStream, owner, lines: flows.map(lineOf) });
}

/** Published notifications by name, and how often. */
export function published({ topic }: World): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rule, id, seq } of topic.published) {
    const name = `${rule.id} ${id}#${seq}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
