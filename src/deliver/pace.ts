/** How fast each channel may be spoken to. What it knows is of one process. */
import type { Channel } from './channel.ts';

/** Slack takes a message a second for each webhook: https://docs.slack.dev/apis/web-api/rate-limits */
const GAPS: Partial<Record<Channel['type'], number>> = { slack: 1_000 };

export class Pace {
  /** By channel: nothing is sent before, Unix ms. */
  readonly #next = new Map<string, number>();

  /** Milliseconds until the channel may be spoken to; 0 for now. */
  wait(channel: string, now: number): number {
    return Math.max(0, (this.#next.get(channel) ?? 0) - now);
  }

  /** Something is being sent at this time. */
  sent(channel: string, type: Channel['type'], at: number): void {
    const gap = GAPS[type];
    if (gap !== undefined) this.pause(channel, at + gap);
  }

  /** The channel is left alone until this time, for all alerts. */
  pause(channel: string, until: number): void {
    this.#next.set(channel, Math.max(until, this.#next.get(channel) ?? 0));
  }
}
