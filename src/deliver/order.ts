/** On each channel, the messages of one alert go out in their order: no end before its beginning. */
import { GIVE_UP_AFTER } from '../alerts/back-off.ts';
import type { DeliveryRow } from '../ports/delivery-book.ts';
import type { QueueMessage } from '../ports/message-queue.ts';

const MINUTE = 60_000;
/** How long a message waits for an earlier one of which nothing is known: the queue keeps no order. */
const WAIT_FOR_UNKNOWN = 5 * MINUTE;
/** By then an earlier one is delivered or parked, or its message was lost. */
const SETTLED_BY = GIVE_UP_AFTER + 30 * MINUTE;
const LOOK_AGAIN = 30_000;

export interface Turn {
  readonly channel: string;
  readonly order: number;
  /** Whether `order` counts from 0 without gaps. */
  readonly counted: boolean;
  /** When its message was put into the queue, Unix ms. */
  readonly sentAt: number;
}

/**
 * Milliseconds until it may be this message's turn; 0 when it is.
 * @param rows of the same alert, all channels
 */
export function waitForTurn(rows: readonly DeliveryRow[], turn: Turn, now: number): number {
  const earlier = rows.filter(({ order }) => order < turn.order);
  const open = earlier.filter(
    ({ channel, state, since }) =>
      channel === turn.channel && isOpen(state) && now - since < SETTLED_BY,
  );
  if (open.length > 0) {
    const next = Math.max(...open.map(({ notBefore }) => notBefore));
    // A moment after the earlier one is tried again.
    return Math.max(LOOK_AGAIN, next + LOOK_AGAIN - now);
  }
  if (!turn.counted || turn.order === 0) return 0;
  const before = earlier.filter(({ order }) => order === turn.order - 1);
  if (before.some(({ channel }) => channel === turn.channel)) return 0;
  const [seen] = before;
  // What was seen for other channels alone is none of this one's business.
  if (seen !== undefined && !seen.peers.includes(turn.channel)) return 0;
  const unknownUntil = (seen?.since ?? turn.sentAt) + WAIT_FOR_UNKNOWN;
  return now < unknownUntil ? Math.min(LOOK_AGAIN, unknownUntil - now) : 0;
}

function isOpen(state: DeliveryRow['state']): boolean {
  return state === 'claimed' || state === 'again';
}

/**
 * Whether this message has nothing more to do there. What was parked may come back, as another
 * message that a person has sent.
 */
export function isOver({ state, message }: DeliveryRow, { id }: Pick<QueueMessage, 'id'>): boolean {
  return state === 'delivered' || (state === 'parked' && message === id);
}
