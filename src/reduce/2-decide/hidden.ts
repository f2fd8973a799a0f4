/** How much each silence hides: what nobody hears of for long, its owner should at least know of. */
import type { Alert } from '../../alerts/alert.ts';
import { cleanLine } from '../../alerts/clean.ts';
import { iso } from '../../alerts/iso-time.ts';
import type { CompiledSilence } from '../../config/snapshot.ts';
import type { HiddenState, ShardState } from '../state.ts';
import { serviceAlert } from './service-alert.ts';

/** Notifications after which the owner is told, once a silence. */
export const MANY_HIDDEN = 100;

/**
 * Counts a notification that a silence held back.
 * @returns the alert to the owner, where that makes them many
 */
export function countHidden(
  { hidden }: Pick<ShardState, 'hidden'>,
  silence: CompiledSilence,
  { stage, shard, slot, arrival }: { stage: string; shard: number; slot: number; arrival: number },
): Alert | undefined {
  const state: HiddenState = hidden.get(silence.id) ?? { count: 0 };
  hidden.set(silence.id, state);
  state.count++;
  if (state.count < MANY_HIDDEN || state.told) return undefined;
  state.told = true;
  const { id, until, reason } = silence;
  const why = reason === '' ? '' : ` (${cleanLine(reason)})`;
  const end = until === undefined ? 'recurs each week' : `ends ${iso(until)}`;
  return serviceAlert(stage, {
    about: `silence ${id} ${shard}`,
    title: 'A silence hides a lot',
    message: `The silence ${id}${why} has held back ${state.count} notifications so far and ${end}. If that is not meant: flowlog-alerts silence rm ${id} --stage ${stage}`,
    severity: 'info',
    from: slot,
    to: slot,
    value: state.count,
    threshold: MANY_HIDDEN,
    detectedAt: arrival,
  });
}

/** Forgets silences that are no more: one of the same id begins anew. */
export function forgetHidden(
  { hidden }: Pick<ShardState, 'hidden'>,
  silences: readonly CompiledSilence[],
): void {
  for (const id of hidden.keys()) {
    if (!silences.some((silence) => silence.id === id)) hidden.delete(id);
  }
}
