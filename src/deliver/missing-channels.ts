/** Channels that alerts are to go to and cannot: recorded each time, told to the owner once. */
import { createHash } from 'node:crypto';
import type { DeliveryBook, DeliveryRow } from '../ports/delivery-book.ts';
import type { Log } from '../ports/log.ts';
import type { QueueMessage } from '../ports/message-queue.ts';
import type { OwnerNotices } from '../ports/owner-notices.ts';
import { isOver } from './order.ts';
import { channelNotice } from './owner-notice.ts';
import type { Notification } from './read-message.ts';

export interface MissingPorts {
  readonly book: DeliveryBook;
  readonly owner: OwnerNotices;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
}

const LEASE = 60_000;
const NO_SUCH_CHANNEL = 'there is no channel of this name';

export class MissingChannels {
  readonly #ports: MissingPorts;
  readonly #stage: string;

  constructor(ports: MissingPorts, stage: string) {
    this.#ports = ports;
    this.#stage = stage;
  }

  /**
   * @param rows of the same alert
   * @returns whether it was recorded now, and not by an earlier try of the same message
   */
  async record(
    channel: string,
    notification: Notification,
    message: QueueMessage,
    rows: readonly DeliveryRow[],
  ): Promise<boolean> {
    const { book, log, now } = this.#ports;
    const { alert, order } = notification;
    const row = rows.find((one) => one.order === order && one.channel === channel);
    if (row !== undefined && isOver(row, message)) return false;
    await this.tell(channel, undefined, notification, message);
    const key = { id: alert.id, order, channel };
    const end = { message: message.id, now: now(), reason: NO_SUCH_CHANNEL };
    await book.settle(key, { state: 'parked', ...end });
    log('warn', 'delivery', {
      id: alert.id,
      seq: alert.seq,
      rule: alert.rule.id,
      status: alert.status,
      channel,
      type: 'unknown',
      outcome: 'parked',
      reason: NO_SUCH_CHANNEL,
    });
    return true;
  }

  /**
   * Tells the owner, unless that was done in the last fifteen days.
   * @param problem of a channel that there is; undefined where there is none
   */
  async tell(
    channel: string,
    problem: string | undefined,
    { alert }: Notification,
    message: QueueMessage,
  ): Promise<void> {
    const { book, owner, log, now } = this.#ports;
    const hash = createHash('sha256')
      .update(problem ?? '')
      .digest('hex')
      .slice(0, 16);
    const key = { id: `channel-notice-${hash}`, order: 0, channel };
    const at = now();
    const claim = { message: message.id, now: at, until: at + LEASE, peers: [channel] };
    if ((await book.claim(key, claim)) === undefined) return;
    try {
      const { subject, text } = channelNotice(this.#stage, channel, problem, alert.rule.id);
      await owner.publish(subject, text);
      await book.settle(key, { state: 'delivered', message: message.id, now: now() });
    } catch (error) {
      // The claim runs out, and the next alert tells it.
      log('warn', 'notice-not-sent', { channel, reason: (error as Error).message });
    }
  }
}
