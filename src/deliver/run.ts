/** The function `deliver` without its edges: messages of the queue to the channels they are for. */
import { backOff } from '../alerts/back-off.ts';
import type { DeliverySettings, Snapshot } from '../config/snapshot.ts';
import type { DeliveryRow } from '../ports/delivery-book.ts';
import type { MessageQueue, QueueMessage } from '../ports/message-queue.ts';
import type { MetricPoint, MetricSink } from '../ports/metric-sink.ts';
import type { OwnerNotices } from '../ports/owner-notices.ts';
import type { RenderContext } from './channel.ts';
import { Courier, type CourierPorts, type Done, type Errand } from './courier.ts';
import { MissingChannels } from './missing-channels.ts';
import { type Notification, readMessage } from './read-message.ts';
import { channelsFor } from './route.ts';
import type { StoredChannel } from './stored-channel.ts';

export interface DeliverPorts extends CourierPorts {
  /** By name. */
  readonly channels: () => Promise<ReadonlyMap<string, StoredChannel>>;
  readonly snapshot: () => Promise<Snapshot | undefined>;
  readonly owner: OwnerNotices;
  readonly metrics: MetricSink;
  readonly queue: MessageQueue;
}

export type DeliverPlace = Omit<RenderContext, 'now'>;

interface Surroundings {
  readonly channels: ReadonlyMap<string, StoredChannel>;
  readonly delivery: DeliverySettings | undefined;
}

interface Item {
  readonly message: QueueMessage;
  readonly read: ReturnType<typeof readMessage>;
}

/** What SQS takes, seconds. */
const LONGEST_HIDING = 43_200;

export class DeliverLoop {
  readonly #ports: DeliverPorts;
  readonly #place: DeliverPlace;
  readonly #courier: Courier;
  readonly #missing: MissingChannels;
  /** Failures by channel since metrics were published; '' for messages of no channel. */
  readonly #failures = new Map<string, number>();

  constructor(ports: DeliverPorts, place: DeliverPlace) {
    this.#ports = ports;
    this.#place = place;
    this.#courier = new Courier(ports);
    this.#missing = new MissingChannels(ports, place.stage);
  }

  /**
   * Handles a batch. What is not done is given back with the time at which it comes again.
   * @param deadline no message is begun after it, Unix ms
   * @returns ids of the messages that must stay in the queue
   * @throws Error when nothing could be done for any of them
   */
  async run(messages: readonly QueueMessage[], deadline: number): Promise<string[]> {
    const { channels, snapshot, now } = this.#ports;
    const [known, config] = await Promise.all([channels(), snapshot()]);
    const around = { channels: known, delivery: config?.delivery };
    const again: string[] = [];
    const errors: Error[] = [];
    for (const item of this.#inOrder(messages, config)) {
      let wait = 1_000;
      try {
        if (now() < deadline) wait = await this.#handle(item, around);
      } catch (error) {
        errors.push(error as Error);
        wait = backOff(item.message.receives);
        this.#ports.log('error', 'delivery-failed', { reason: (error as Error).message });
      }
      if (wait <= 0) continue;
      again.push(item.message.id);
      await this.#hide(item.message, wait);
    }
    await this.#publishFailures();
    if (messages.length > 0 && errors.length === messages.length) throw errors[0];
    return again;
  }

  #inOrder(messages: readonly QueueMessage[], config: Snapshot | undefined): Item[] {
    const context = { ...this.#place, now: this.#ports.now() };
    const rules = new Map(config?.rules.map((rule) => [rule.id, rule]));
    const items = messages.map((message) => ({
      message,
      read: readMessage(message.body, context, rules),
    }));
    return items.sort((a, b) => orderOf(a) - orderOf(b));
  }

  /** @returns milliseconds until it is to come again, 0 when it is done */
  async #handle({ message, read }: Item, around: Surroundings): Promise<number> {
    if ('reason' in read) return this.#parkUnreadable(message, read.reason);
    const { alert, only } = read;
    const names = new Set(around.channels.keys());
    const { to, unknown } =
      only === undefined ? channelsFor(alert, around.delivery, names) : oneChannel(only, names);
    if (to.length + unknown.length === 0) return 0;
    const rows = await this.#ports.book.of(alert.id);
    const targets = to.map((name) => around.channels.get(name) as StoredChannel);
    const done = await Promise.allSettled([
      ...targets.map((target) => this.#bring(read, message, target, { rows, peers: to })),
      ...unknown.map((name) => this.#miss(read, message, name, rows)),
    ]);
    const failed = done.find((one) => one.status === 'rejected');
    // The others are done or booked: coming again is free for them.
    if (failed !== undefined) throw failed.reason;
    const waits = done.flatMap((one) => (one.status === 'fulfilled' ? one.value.wait : []));
    const open = waits.filter((wait) => wait > 0);
    return open.length === 0 ? 0 : Math.min(...open);
  }

  async #bring(
    notification: Notification,
    message: QueueMessage,
    target: StoredChannel,
    beside: Pick<Errand, 'rows' | 'peers'>,
  ): Promise<Done> {
    const context = { ...this.#place, now: this.#ports.now() };
    if (target.problem !== undefined) {
      await this.#missing.tell(target.name, target.problem, notification, message);
    }
    const done = await this.#courier.run({ notification, message, target, context, ...beside });
    if (done.parked) this.#count(target.name);
    return done;
  }

  async #miss(
    notification: Notification,
    message: QueueMessage,
    name: string,
    rows: readonly DeliveryRow[],
  ): Promise<Done> {
    if (await this.#missing.record(name, notification, message, rows)) this.#count(name);
    return { wait: 0 };
  }

  async #parkUnreadable({ id, body }: QueueMessage, reason: string): Promise<number> {
    const { deadLetters, log } = this.#ports;
    await deadLetters.park({ kind: 'notification', reason, body });
    log('warn', 'message-unreadable', { message: id, reason });
    this.#count('');
    return 0;
  }

  #count(channel: string): void {
    this.#failures.set(channel, (this.#failures.get(channel) ?? 0) + 1);
  }

  /** Lost points cost an alarm, not an alert: the dead-letter queue has one as well. */
  async #publishFailures(): Promise<void> {
    if (this.#failures.size === 0) return;
    const Stage = this.#place.stage;
    const all = [...this.#failures.values()].reduce((sum, count) => sum + count, 0);
    const points: MetricPoint[] = [failures({ Stage }, all)];
    for (const [Channel, count] of this.#failures) {
      if (Channel !== '') points.push(failures({ Stage, Channel }, count));
    }
    this.#failures.clear();
    try {
      await this.#ports.metrics.publish(points);
    } catch (error) {
      this.#ports.log('warn', 'metrics-not-published', { reason: (error as Error).message });
    }
  }

  /** Else it comes after the queue's own time, which is no harm. */
  async #hide(message: QueueMessage, wait: number): Promise<void> {
    const seconds = Math.min(LONGEST_HIDING, Math.max(1, Math.ceil(wait / 1000)));
    try {
      await this.#ports.queue.hide(message, seconds);
    } catch (error) {
      this.#ports.log('warn', 'message-not-hidden', { reason: (error as Error).message });
    }
  }
}

function failures(dimensions: MetricPoint['dimensions'], value: number): MetricPoint {
  return { name: 'DeliveryFailures', dimensions, unit: 'Count', value };
}

function oneChannel(name: string, names: ReadonlySet<string>) {
  return names.has(name) ? { to: [name], unknown: [] } : { to: [], unknown: [name] };
}

function orderOf({ read }: Item): number {
  return 'reason' in read ? 0 : read.order;
}
