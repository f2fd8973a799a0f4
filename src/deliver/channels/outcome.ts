/** What a receiver's answer means for the message. */
import type { Channel } from '../channel.ts';

/** `again` may go through later; `never` will be refused however often it is sent. */
export type Outcome = 'delivered' | 'again' | 'never';

/** Time-outs and limits; every other 4xx says that the message or the address is wrong. */
const LATER = new Set([408, 425, 429]);

/** How an HTTP answer is to be taken. `body` may be cut. */
export function outcomeOf(channel: Channel, status: number, body: string): Outcome {
  if (status >= 500 || LATER.has(status)) return 'again';
  if (status < 200 || status >= 300) return 'never';
  // Office connectors said 200 to everything, with the real answer in the body.
  const hidden = channel.type === 'teams' ? /returned HTTP error (\d{3})/.exec(body) : null;
  return hidden === null ? 'delivered' : outcomeOf(channel, Number(hidden[1]), '');
}
