import type { Detect } from '../../../rules/compiled.ts';
import type { SlotState } from '../../state.ts';

/** What a kind of detection is made of: how slots add up to a window's value, and what it must exceed. */
export interface DetectKind {
  /** What one slot adds to the value of a window that holds it. */
  contribution(slot: SlotState): number;
  /** The window fires when its value is above this. */
  threshold(detect: Detect): number;
}
