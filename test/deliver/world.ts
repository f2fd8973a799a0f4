/** The function `deliver` over a queue and a clock of its own; everything it says is kept. */
import { randomUUID } from 'node:crypto';
import { MemoryDeadLetters } from '../../src/adapters/local/memory-dead-letters.ts';
import { MemoryDeliveryBook } from '../../src/adapters/local/memory-delivery-book.ts';
import { MemoryMetricSink } from '../../src/adapters/local/memory-metric-sink.ts';
import type { Alert } from '../../src/alerts/alert.ts';
import type { DeliverySettings, Snapshot } from '../../src/config/snapshot.ts';
import { DeliverLoop, type DeliverPorts } from '../../src/deliver/run.ts';
import { type StoredChannel, storedChannel } from '../../src/deliver/stored-channel.ts';
import type { HttpAnswer, HttpRequest } from '../../src/ports/http-post.ts';
import type { QueueMessage } from '../../src/ports/message-queue.ts';
import type { TopicMessage } from '../../src/ports/receivers.ts';
import { anAlert } from '../alerts/an-alert.ts';

interface Waiting {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receives: number;
  visibleAt: number;
}

export interface Posted extends HttpRequest {
  readonly at: number;
}

/** Answers, or throws where nobody does. */
export type Receiver = (request: HttpRequest, at: number) => HttpAnswer | Promise<HttpAnswer>;

export const OK: HttpAnswer = { status: 200, body: 'ok' };
const BATCH = 5;
/** The queue's own time, which a dead function leaves a message to. */
const VISIBILITY = 180_000;

export const hook = (name: string) => `https://hooks.example.com/${name}/s3cret-path-of-${name}`;
export const SECRET = 'webhook-secret-0123456789';

export class World {
  now = Date.parse('2026-11-23T12:00:00Z');
  readonly book = new MemoryDeliveryBook();
  readonly letters = new MemoryDeadLetters();
  readonly metrics = new MemoryMetricSink();
  readonly posted: Posted[] = [];
  readonly published: TopicMessage[] = [];
  readonly findings: Readonly<Record<string, unknown>>[] = [];
  readonly notices: { subject: string; text: string }[] = [];
  readonly lines: Record<string, unknown>[] = [];
  readonly channels = new Map<string, StoredChannel>();
  readonly receivers = new Map<string, Receiver>();
  delivery: DeliverySettings | undefined;
  snapshotRules: Snapshot['rules'] = [];
  queue: Waiting[] = [];
  #loop = this.#newLoop({});

  /** A channel of type webhook, whose receiver says 200 until told otherwise. */
  webhook(name: string, receiver: Receiver = () => OK): void {
    this.channel(name, `{ type: webhook, url: "${hook(name)}", secret: ${SECRET} }`);
    this.receivers.set(hook(name), receiver);
  }

  channel(name: string, text: string): void {
    this.channels.set(name, storedChannel({ name, origin: `/channels/${name}`, text }));
  }

  /** Puts an alert into the queue. @returns the message's name */
  alert(changes: Partial<Alert> = {}): string {
    return this.send(JSON.stringify(anAlert(changes)));
  }

  send(body: string, sentAt = this.now): string {
    const id = randomUUID();
    this.queue.push({ id, body, sentAt, receives: 0, visibleAt: this.now });
    return id;
  }

  /** A new process, with other ports where wanted. */
  restart(ports: Partial<DeliverPorts> = {}): void {
    this.#loop = this.#newLoop(ports);
  }

  /** Another process beside the present one. */
  another(ports: Partial<DeliverPorts> = {}): DeliverLoop {
    return this.#newLoop(ports);
  }

  /** Hands out what is visible, batch by batch, until nothing is. */
  async pump(deadline = Number.POSITIVE_INFINITY): Promise<void> {
    for (;;) {
      const batch = this.queue.filter(({ visibleAt }) => visibleAt <= this.now).slice(0, BATCH);
      if (batch.length === 0) return;
      await this.handOut(
        batch.map(({ id }) => id),
        this.#loop,
        deadline,
      );
    }
  }

  async handOut(
    ids: readonly string[],
    loop: DeliverLoop = this.#loop,
    deadline = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const batch = this.queue.filter(({ id }) => ids.includes(id));
    for (const message of batch) {
      message.receives++;
      message.visibleAt = this.now + VISIBILITY;
    }
    let again: readonly string[] = batch.map(({ id }) => id);
    try {
      again = await loop.run(batch.map(messageOf), deadline);
    } catch (error) {
      this.lines.push({ thrown: String(error) });
    }
    this.queue = this.queue.filter(({ id }) => !ids.includes(id) || again.includes(id));
  }

  /** Lets time pass, in which messages come when their time has come. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const next = Math.min(...this.queue.map(({ visibleAt }) => visibleAt));
      if (next > end) break;
      this.now = Math.max(this.now, next);
      await this.pump();
    }
    this.now = Math.max(this.now, end);
  }

  /** Lines of the delivery log: channel and outcome. */
  outcomes(): string[] {
    return this.lines
      .filter(({ event }) => event === 'delivery')
      .map(({ channel, outcome }) => `${channel} ${outcome}`);
  }

  /** What a channel's receiver got, as alerts. */
  gotten(name: string): Alert[] {
    return this.posted.filter(({ url }) => url === hook(name)).map(({ body }) => JSON.parse(body));
  }

  failures(dimensions: Record<string, string>): number {
    const wanted = JSON.stringify(dimensions);
    return this.metrics.points
      .filter((point) => JSON.stringify(point.dimensions) === wanted)
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** Everything that a person or a log could see, but for what receivers got. */
  said(): string {
    const { lines, letters, notices, metrics, book } = this;
    const reasons = letters.letters.map(({ reason, channel }) => ({ reason, channel }));
    return JSON.stringify({ lines, reasons, notices, metrics, rows: [...book.rows] });
  }

  #newLoop(ports: Partial<DeliverPorts>): DeliverLoop {
    return new DeliverLoop(
      {
        channels: async () => this.channels,
        snapshot: async () =>
          ({ rules: this.snapshotRules, delivery: this.delivery }) as unknown as Snapshot,
        book: this.book,
        post: {
          post: async (request) => {
            this.posted.push({ ...request, at: this.now });
            const receiver = this.receivers.get(request.url);
            if (!receiver) throw new Error('ENOTFOUND');
            return receiver(request, this.now);
          },
        },
        topics: { publish: async (message) => void this.published.push(message) },
        findings: { put: async (finding) => void this.findings.push(finding) },
        chatTopic: 'arn:aws:sns:eu-west-1:123456789012:chat',
        deadLetters: this.letters,
        owner: { publish: async (subject, text) => void this.notices.push({ subject, text }) },
        metrics: this.metrics,
        queue: {
          hide: async ({ id }, seconds) => {
            const message = this.queue.find((one) => one.id === id);
            if (message) message.visibleAt = this.now + seconds * 1000;
          },
        },
        log: (level, event, fields) => void this.lines.push({ level, event, ...fields }),
        now: () => this.now,
        sleep: async (ms) => {
          this.now += ms;
        },
        ...ports,
      },
      { stage: 'prod', account: '123456789012', region: 'eu-west-1' },
    );
  }
}

function messageOf({ id, body, sentAt, receives }: Waiting): QueueMessage {
  return { id, receipt: `${id}-${receives}`, body, sentAt, receives };
}
