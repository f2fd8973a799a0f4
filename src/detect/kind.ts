import type { Detect } from '../rules/compiled.ts';

/** What a slot of a group remembers that kinds decide on. */
export interface SlotTotals {
  readonly records: number;
  /** Sum of the field that `sumField` names. */
  readonly sum: number;
}

/**
 * What a kind of detection is made of: what it puts into a digest, how slots add up to a window's
 * value, and what that must exceed.
 */
export interface DetectKind<D extends Detect = Detect> {
  /** Field whose sum its digests carry. */
  sumField(detect: D): string | undefined;
  /** What one slot adds to the value of a window that holds it. */
  contribution(slot: SlotTotals): number;
  /** The window fires when its value is above this. */
  threshold(detect: D): number;
  /** What the value counts: `records`, or a field's name. */
  measure(detect: D): string;
}
