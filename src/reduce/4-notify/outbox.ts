/** What a checkpoint still has to publish, and which writer is at it. */
import type { Alert } from '../../alerts/alert.ts';
import { backOff, GIVE_UP_AFTER } from '../../alerts/back-off.ts';
import type { OutboxEntry } from '../state.ts';

/** Something to be published that nobody has tried yet. @param since when it was decided, Unix ms */
export function newEntry<T>(item: T, since: number): OutboxEntry<T> {
  return { item, since, attempts: 0, notBefore: 0, owner: '', ownedUntil: 0 };
}

/**
 * Takes entries that nobody else is publishing. The claim is saved with the checkpoint before
 * anything is sent, so that of two writers one leaves them alone.
 * @param lease how long others keep away, ms; longer than the function may run
 */
export function claim<T>(
  outbox: readonly OutboxEntry<T>[],
  owner: string,
  now: number,
  lease: number,
): OutboxEntry<T>[] {
  const waiting = new Set<string>();
  const claimed = outbox.filter((entry) => {
    // Messages of one alert keep their order: none goes before an earlier one has gone.
    const name = alertOf(entry);
    const free = entry.notBefore <= now && (entry.owner === owner || entry.ownedUntil <= now);
    if (free && !(name && waiting.has(name))) return true;
    if (name) waiting.add(name);
    return false;
  });
  for (const entry of claimed) {
    entry.owner = owner;
    entry.ownedUntil = now + lease;
  }
  return claimed;
}

/** The alert that an entry is a message of; undefined for metrics. */
export function alertOf(entry: OutboxEntry<unknown>): string | undefined {
  return (entry.item as Partial<Alert>).id;
}

/** Gives an entry back that was claimed and not tried; the next run takes it. */
export function release(entry: OutboxEntry<unknown>): void {
  entry.owner = '';
  entry.ownedUntil = 0;
}

/** Whether it has failed for so long that it goes to the dead letters. */
export function isHopeless(entry: OutboxEntry<unknown>, now: number): boolean {
  return entry.failing !== undefined && now - entry.failing >= GIVE_UP_AFTER;
}

/** Puts an entry back after a failure, to be tried after 1, 2, 4 ... at most 15 minutes. */
export function postpone(entry: OutboxEntry<unknown>, now: number): void {
  entry.attempts++;
  entry.failing ??= now;
  entry.notBefore = now + backOff(entry.attempts);
  release(entry);
}
