import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import {
  CHECKPOINT_FORMAT,
  CheckpointFormatError,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../../src/reduce/3-checkpoint/checkpoint.ts';
import { claim, postpone } from '../../../src/reduce/4-notify/outbox.ts';
import { Reducer } from '../../../src/reduce/reducer.ts';
import { newState, type ShardState } from '../../../src/reduce/state.ts';
import { aBeat, aFlow, anEntry, aTick, NOON } from '../flows.ts';
import { aCount, aRule, aSnapshot } from '../rules.ts';

/** A state in which nothing is empty. */
function aState(): ShardState {
  const silences = [{ id: 's', match: { srcaddr: ['192.0.2.1'] }, reason: '' }];
  const rules = [aCount(1, 300, { repeat: 300 }), aRule({ storm: 1 })];
  const set = compileRuleSet({ ...aSnapshot(rules), silences });
  const reducer = new Reducer(set, { stage: 'test' });
  reducer.apply(aBeat(NOON * 1_000, { records: 5, malformed: 1 }));
  const flows = Array.from({ length: 4 }, (_, i) => aFlow(NOON + i * 60));
  reducer.apply(anEntry(set, [...flows, aFlow(NOON, { srcaddr: '2001:db8::1' })]));
  reducer.apply(anEntry(set, [aFlow(NOON, { srcaddr: '192.0.2.1' })]));
  reducer.apply(aTick((NOON + 300) * 1_000));
  reducer.apply(aBeat((NOON + 400) * 1_000, { records: 5 }));
  const { state } = reducer;
  claim(state.outbox, 'writer', NOON * 1_000, 300_000);
  postpone(state.outbox[0], NOON * 1_000);
  return state;
}

const json = (body: Uint8Array) => JSON.parse(gunzipSync(body).toString());
const packed = (value: unknown) => gzipSync(JSON.stringify(value));

describe('a checkpoint', () => {
  test('holds all of the state', () => {
    const state = aState();
    const empty = Object.entries(state).filter(
      ([, part]) => (part?.size ?? part?.length ?? part) === 0,
    );
    expect(empty).toEqual([]);
    expect(decodeCheckpoint(encodeCheckpoint(state))).toEqual(state);
  });

  test('of an empty state is one', () => {
    expect(decodeCheckpoint(encodeCheckpoint(newState()))).toEqual(newState());
  });

  test('shares nothing with the state it was made of', () => {
    const state = aState();
    const body = encodeCheckpoint(state);
    const before = decodeCheckpoint(body);
    const loaded = decodeCheckpoint(body);
    loaded.outbox[0].attempts = 99;
    loaded.rules.clear();
    expect(decodeCheckpoint(body)).toEqual(before);
    expect(state.rules.size).toBe(2);
  });

  test('of a newer format is refused and says what to do', () => {
    const body = packed({ ...json(encodeCheckpoint(newState())), format: CHECKPOINT_FORMAT + 1 });
    expect(() => decodeCheckpoint(body)).toThrow(CheckpointFormatError);
    expect(() => decodeCheckpoint(body)).toThrow(
      `the checkpoint has format ${CHECKPOINT_FORMAT + 1}, this version reads ${CHECKPOINT_FORMAT}: deploy the version that wrote it`,
    );
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['no gzip', Buffer.from('{"format":1}')],
    ['half of a gzip', encodeCheckpoint(aState()).subarray(0, 200)],
    ['no JSON', gzipSync('{"format":1')],
    ['JSON null', packed(null)],
    ['JSON without a format', packed({})],
    ['a format that never was', packed({ format: 0 })],
    ['a format and nothing else', packed({ format: CHECKPOINT_FORMAT })],
  ])('that is %s is refused, never taken for an empty one', (_, body) => {
    expect(() => decodeCheckpoint(body)).toThrow(CheckpointFormatError);
    expect(() => decodeCheckpoint(body)).toThrow('restore one from backup/ in the state bucket');
  });

  test('is smaller than its JSON by far', () => {
    const body = encodeCheckpoint(aState());
    expect(body.length).toBeLessThan(gunzipSync(body).length / 2);
  });
});
