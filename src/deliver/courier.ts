/** Brings one notification to one channel: once, in its turn, at the channel's pace. */
import { GIVE_UP_AFTER } from '../alerts/back-off.ts';
import type { DeliveryBook, DeliveryKey, DeliveryRow } from '../ports/delivery-book.ts';
import type { Log } from '../ports/log.ts';
import type { QueueMessage } from '../ports/message-queue.ts';
import type { DeadLetters } from '../ports/notifier.ts';
import type { Channel, RenderContext } from './channel.ts';
import { render } from './channels/render.ts';
import { isOver, waitForTurn } from './order.ts';
import { Pace } from './pace.ts';
import type { Notification } from './read-message.ts';
import { redactorOf } from './redact.ts';
import { waitAfter } from './retry.ts';
import { type Receivers, type Sent, send } from './send.ts';
import type { StoredChannel } from './stored-channel.ts';

/** Longer than a post may take: who has claimed and died leaves it to others after this, ms. */
const LEASE = 60_000;
/** Waits up to this long are waited here rather than in the queue, ms. */
const LONGEST_SLEEP = 3_000;
/** A channel that does not answer is left alone for this long, for all alerts; ms. */
const REST = 30_000;
const LOOK_AGAIN = 30_000;

export interface CourierPorts extends Receivers {
  readonly book: DeliveryBook;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

export interface Errand {
  readonly notification: Notification;
  readonly message: QueueMessage;
  readonly target: StoredChannel;
  /** Of the same alert. */
  readonly rows: readonly DeliveryRow[];
  /** Every channel that the message is for. */
  readonly peers: readonly string[];
  readonly context: RenderContext;
}

export interface Done {
  /** Milliseconds until it is to be tried again; 0 when there is nothing left to do. */
  readonly wait: number;
  readonly parked?: true;
}

type Outcome = 'delivered' | 'again' | 'parked' | 'duplicate';

export class Courier {
  readonly #ports: CourierPorts;
  readonly #pace = new Pace();
  /** Delivered, though the book could not be told: in this process they are not sent once more. */
  readonly #unbooked = new Set<string>();

  constructor(ports: CourierPorts) {
    this.#ports = ports;
  }

  /** @throws the book's error, before anything was sent */
  async run(errand: Errand): Promise<Done> {
    const { book, now, sleep } = this.#ports;
    const { notification, message, target, rows, peers } = errand;
    const key = keyOf(errand);
    if (this.#unbooked.has(nameOf(key))) return this.#bookAgain(key, message);
    const row = rows.find(({ order, channel }) => order === key.order && channel === key.channel);
    if (row !== undefined && isOver(row, message)) {
      // Its own earlier delivery is no duplicate: the message is here for other channels.
      if (row.message !== message.id) this.#tell(errand, 'duplicate');
      return { wait: 0 };
    }
    if (row !== undefined && row.state !== 'parked' && row.notBefore > now()) {
      return { wait: row.notBefore - now() };
    }
    const turn = { ...notification, channel: key.channel, sentAt: message.sentAt };
    const ahead = waitForTurn(rows, turn, now());
    if (ahead > 0) return this.#wait(errand, ahead, 'an earlier message of the alert goes first');
    const pause = this.#pace.wait(key.channel, now());
    if (pause > LONGEST_SLEEP) return this.#wait(errand, pause, 'the channel is given a pause');
    if (pause > 0) await sleep(pause);

    const at = now();
    const claim = { message: message.id, now: at, until: at + LEASE, peers };
    const claimed = await book.claim(key, claim);
    if (claimed === undefined) return { wait: LOOK_AGAIN };
    if (target.channel !== undefined) this.#pace.sent(key.channel, target.channel.type, at);
    return this.#conclude(errand, claimed, await this.#send(errand, at));
  }

  async #send({ notification, target, context }: Errand, now: number): Promise<Sent> {
    const { channel, problem } = target;
    if (channel === undefined) return { outcome: 'again', reason: problem ?? 'it cannot be used' };
    let outgoing: ReturnType<typeof render>;
    try {
      outgoing = render(notification.alert, channel, { ...context, now });
    } catch (error) {
      const reason = redactorOf(channel)((error as Error).message);
      return { outcome: 'never', reason: `it cannot be rendered: ${reason}` };
    }
    return send(outgoing, channel, this.#ports, now);
  }

  async #conclude(errand: Errand, { attempts }: DeliveryRow, sent: Sent): Promise<Done> {
    const { book, now } = this.#ports;
    const { message } = errand;
    const key = keyOf(errand);
    const { outcome, reason } = sent;
    const told = { attempts, ...(reason !== undefined && { reason }) };
    if (outcome === 'delivered') {
      await this.#bookDelivered(key, message);
      this.#tell(errand, 'delivered', told);
      return { wait: 0 };
    }
    const at = now();
    if (sent.retryAfter !== undefined) this.#pace.pause(key.channel, at + sent.retryAfter);
    else if (sent.unanswered) this.#pace.pause(key.channel, at + REST);
    const hopeless = at - message.sentAt >= GIVE_UP_AFTER;
    if ((outcome === 'never' || hopeless) && (await this.#park(errand, reason ?? ''))) {
      this.#tell(errand, 'parked', told);
      return { wait: 0, parked: true };
    }
    const wait = waitAfter(attempts, sent.retryAfter);
    await book.settle(key, {
      state: 'again',
      message: message.id,
      now: at,
      notBefore: at + wait,
      ...(reason !== undefined && { reason }),
    });
    this.#tell(errand, 'again', { ...told, waitSeconds: Math.ceil(wait / 1000) });
    return { wait };
  }

  async #bookDelivered(key: DeliveryKey, { id }: QueueMessage): Promise<void> {
    const { book, log, now } = this.#ports;
    try {
      await book.settle(key, { state: 'delivered', message: id, now: now() });
    } catch (error) {
      // To fail here would send it once more.
      this.#unbooked.add(nameOf(key));
      log('error', 'delivery-not-recorded', { ...key, reason: (error as Error).message });
    }
  }

  async #bookAgain(key: DeliveryKey, { id }: QueueMessage): Promise<Done> {
    const { book, now } = this.#ports;
    await book.settle(key, { state: 'delivered', message: id, now: now() });
    this.#unbooked.delete(nameOf(key));
    return { wait: 0 };
  }

  /** @returns whether it lies in the dead-letter queue */
  async #park(errand: Errand, reason: string): Promise<boolean> {
    const { book, deadLetters, log, now } = this.#ports;
    const { notification, message } = errand;
    const key = keyOf(errand);
    try {
      const { channel } = key;
      await deadLetters.park({ kind: 'notification', reason, channel, body: notification.text });
    } catch (error) {
      // It stays in the queue: better late than lost.
      log('error', 'dead-letter-failed', { ...key, reason: (error as Error).message });
      return false;
    }
    await book.settle(key, { state: 'parked', message: message.id, now: now(), reason });
    return true;
  }

  async #wait(errand: Errand, wait: number, reason: string): Promise<Done> {
    const now = this.#ports.now();
    const { message, peers } = errand;
    const mark = { message: message.id, now, notBefore: now + wait };
    await this.#ports.book.postpone(keyOf(errand), { ...mark, peers, reason });
    this.#tell(errand, 'again', { reason, waitSeconds: Math.ceil(wait / 1000) });
    return { wait };
  }

  #tell(errand: Errand, outcome: Outcome, more: Readonly<Record<string, unknown>> = {}): void {
    const { alert } = errand.notification;
    const level = outcome === 'delivered' || outcome === 'duplicate' ? 'info' : 'warn';
    this.#ports.log(level, 'delivery', {
      id: alert.id,
      seq: alert.seq,
      rule: alert.rule.id,
      status: alert.status,
      channel: errand.target.name,
      type: typeOf(errand.target.channel),
      outcome,
      ...more,
    });
  }
}

function keyOf({ notification, target }: Errand): DeliveryKey {
  return { id: notification.alert.id, order: notification.order, channel: target.name };
}

function nameOf({ id, order, channel }: DeliveryKey): string {
  return `${id} ${order} ${channel}`;
}

function typeOf(channel: Channel | undefined): string {
  return channel?.type ?? 'unusable';
}
