import { describe, expect, test } from '@jest/globals';
import { claim, isHopeless, postpone, release } from '../../../src/reduce/4-notify/outbox.ts';
import type { OutboxEntry } from '../../../src/reduce/state.ts';

const MINUTE = 60_000;
const LEASE = 5 * MINUTE;

function anEntry(item = 'alert'): OutboxEntry<string> {
  return { item, since: 0, attempts: 0, notBefore: 0, owner: '', ownedUntil: 0 };
}

const items = (entries: readonly OutboxEntry<string>[]) => entries.map(({ item }) => item);

describe('claim', () => {
  test('takes what is free, in order, and marks it', () => {
    const outbox = [anEntry('a'), anEntry('b')];
    expect(items(claim(outbox, 'one', 1_000, LEASE))).toEqual(['a', 'b']);
    expect(outbox[0]).toMatchObject({ owner: 'one', ownedUntil: 1_000 + LEASE });
  });

  test('leaves another writer’s alone until its lease is over', () => {
    const outbox = [anEntry()];
    claim(outbox, 'one', 0, LEASE);
    expect(claim(outbox, 'two', LEASE - 1, LEASE)).toEqual([]);
    expect(items(claim(outbox, 'two', LEASE, LEASE))).toEqual(['alert']);
    expect(claim(outbox, 'one', LEASE, LEASE)).toEqual([]);
  });

  test('takes a writer’s own again', () => {
    const outbox = [anEntry()];
    claim(outbox, 'one', 0, LEASE);
    expect(items(claim(outbox, 'one', 1, LEASE))).toEqual(['alert']);
  });

  test('leaves alone what was put off, also its owner', () => {
    const outbox = [anEntry('a'), anEntry('b')];
    postpone(claim(outbox, 'one', 0, LEASE)[0], 0);
    expect(items(claim(outbox, 'one', MINUTE - 1, LEASE))).toEqual(['b']);
    expect(items(claim(outbox, 'one', MINUTE, LEASE))).toEqual(['a', 'b']);
  });
});

describe('postpone', () => {
  test('waits 1, 2, 4, 8 and then 15 minutes', () => {
    const entry = anEntry();
    const waits = Array.from({ length: 7 }, () => {
      postpone(entry, 0);
      return entry.notBefore / MINUTE;
    });
    expect(waits).toEqual([1, 2, 4, 8, 15, 15, 15]);
    expect(entry.attempts).toBe(7);
  });

  test('gives the entry free for any writer', () => {
    const outbox = [anEntry()];
    postpone(claim(outbox, 'one', 0, LEASE)[0], 0);
    expect(items(claim(outbox, 'two', MINUTE, LEASE))).toEqual(['alert']);
  });
});

describe('release', () => {
  test('gives an entry free at once, as if it had not been claimed', () => {
    const outbox = [anEntry()];
    release(claim(outbox, 'one', 0, LEASE)[0]);
    expect(outbox).toEqual([anEntry()]);
  });
});

describe('isHopeless', () => {
  test('is what has failed for six hours, counted from its first failure', () => {
    const entry = anEntry();
    expect(isHopeless(entry, 24 * 60 * MINUTE)).toBe(false);
    postpone(entry, 10 * MINUTE);
    postpone(entry, 100 * MINUTE);
    expect(isHopeless(entry, 370 * MINUTE - 1)).toBe(false);
    expect(isHopeless(entry, 370 * MINUTE)).toBe(true);
  });
});
