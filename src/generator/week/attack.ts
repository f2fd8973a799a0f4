/** What an attack is, to be put into the ordinary week. */
import type { Scene } from './conversation.ts';

export interface Attack {
  /** In a few words, for the table of results. */
  readonly title: string;
  /** Number of its random stream. */
  readonly stream: number;
  /** Seconds after Monday 00:00 of the first week. */
  readonly at: number;
  /** Seconds. */
  readonly lasts: number;
  /** Built-in rules of which at least one must find it. */
  readonly rules: readonly string[];
  /** Values of alert groups that show that it is meant: an address of attacker or victim. */
  readonly marks: readonly string[];
  /** Writes what it does in one of its minutes, counted from 0. */
  act(scene: Scene, minute: number): void;
}
