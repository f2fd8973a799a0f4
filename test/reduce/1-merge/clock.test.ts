import { describe, expect, test } from '@jest/globals';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import { advance, coast, sourceNumber } from '../../../src/reduce/1-merge/clock.ts';
import { Reducer } from '../../../src/reduce/reducer.ts';
import { newState, type ShardState, type SourceState } from '../../../src/reduce/state.ts';
import { aBeat, aFlow, anEntry, aTick, NOON, SOURCE } from '../flows.ts';
import { aCount, aRule, aSnapshot } from '../rules.ts';

function aSource(state: ShardState = newState()): SourceState {
  return state.sources[sourceNumber(state, SOURCE)];
}

describe('sourceNumber', () => {
  test('a source keeps its number; one that differs in account or region is another', () => {
    const state = newState();
    expect(sourceNumber(state, SOURCE)).toBe(0);
    expect(sourceNumber(state, { ...SOURCE, account: '210987654321' })).toBe(1);
    expect(sourceNumber(state, { ...SOURCE, region: 'eu-west-2' })).toBe(2);
    expect(sourceNumber(state, { ...SOURCE, kind: 'bucket' })).toBe(3);
    expect(sourceNumber(state, { ...SOURCE })).toBe(0);
    expect(state.sources).toHaveLength(4);
  });
});

describe('advance', () => {
  test('the clock goes to the latest start and never back', () => {
    const source = aSource();
    advance(source, NOON, Infinity, NOON + 60);
    expect(source.clock).toBe(NOON);
    advance(source, NOON - 10, Infinity, NOON + 61);
    expect(source.clock).toBe(NOON);
  });

  test('a start beyond the limit moves the clock to the limit', () => {
    const source = aSource();
    advance(source, NOON + 301, NOON + 300, NOON);
    expect(source.clock).toBe(NOON + 300);
    advance(source, NOON + 300, NOON + 300, NOON);
    expect(source.clock).toBe(NOON + 300);
  });

  test('the lag begins as the first one seen and follows others by a fifth', () => {
    const source = aSource();
    advance(source, NOON, Infinity, NOON + 100);
    expect(source.lag).toBe(100);
    advance(source, NOON + 60, Infinity, NOON + 60 + 200);
    expect(source.lag).toBeCloseTo(120);
  });

  test('a batch without a start tells of no lag, but that the source is alive', () => {
    const source = aSource();
    advance(source, NOON, Infinity, NOON + 100);
    advance(source, 0, Infinity, NOON + 500);
    expect(source).toMatchObject({ clock: NOON, lag: 100, arrival: NOON + 500 });
  });
});

describe('coast', () => {
  const state = newState();
  const source = aSource(state);
  advance(source, NOON, Infinity, NOON + 90);

  test('a source heard of within the minute keeps its clock', () => {
    coast(state, NOON + 149);
    expect(source.clock).toBe(NOON);
  });

  test('a silent one goes on behind its usual lag, also by the same tick again', () => {
    coast(state, NOON + 150);
    expect(source.clock).toBe(NOON + 60);
    coast(state, NOON + 150);
    expect(source.clock).toBe(NOON + 60);
  });

  test('an earlier tick does not take it back', () => {
    coast(state, NOON + 155);
    coast(state, NOON + 150);
    expect(source.clock).toBe(NOON + 65);
  });

  test('a source that never had a record has no clock to move', () => {
    const empty = newState();
    sourceNumber(empty, SOURCE);
    coast(empty, NOON);
    expect(empty.sources[0].clock).toBe(0);
  });
});

describe('lateness', () => {
  const set = compileRuleSet(aSnapshot([aCount(0, 120), aRule()]));
  const later = (reducer: Reducer) =>
    [...reducer.state.metrics.values()].find(({ name }) => name === 'LateRecords')?.value ?? 0;
  const alerted = (reducer: Reducer) => reducer.takeDecisions().map(({ alert }) => alert.rule.id);

  test('a record half an hour behind its source’s clock counts; a second more is late', () => {
    const reducer = new Reducer(set, { stage: 'test' });
    reducer.apply(anEntry(set, [aFlow(NOON, { srcaddr: '198.51.100.1' })]));
    reducer.takeDecisions();
    reducer.apply(anEntry(set, [aFlow(NOON - 1_800)], (NOON + 61) * 1_000));
    expect(later(reducer)).toBe(0);
    expect(alerted(reducer)).toEqual(['count', 'rule']);
    reducer.apply(
      anEntry(set, [aFlow(NOON - 1_801, { srcaddr: '198.51.100.2' })], (NOON + 62) * 1_000),
    );
    expect(later(reducer)).toBe(1);
    // Rules without windows take it all the same.
    expect(alerted(reducer)).toEqual(['rule']);
  });

  test('one bad timestamp in the future makes nothing late', () => {
    const reducer = new Reducer(set, { stage: 'test' });
    const at = (NOON + 60) * 1_000;
    reducer.apply(anEntry(set, [aFlow(Date.UTC(2099, 0, 1) / 1_000)], at));
    expect(reducer.state.sources[0].clock).toBe(NOON + 60 + 300);
    reducer.apply(anEntry(set, [aFlow(NOON - 1_200, { srcaddr: '198.51.100.2' })], at));
    expect(later(reducer)).toBe(0);
  });

  test('the clock of another source makes nothing late', () => {
    const reducer = new Reducer(set, { stage: 'test' });
    reducer.apply(anEntry(set, [aFlow(NOON)]));
    const source = { ...SOURCE, name: '/vpc/slow' };
    reducer.apply(anEntry(set, [aFlow(NOON - 7_200)], NOON * 1_000, { source }));
    expect(later(reducer)).toBe(0);
  });

  test('a heartbeat moves the clock as a batch does, and a tick moves that of a silent source', () => {
    const reducer = new Reducer(set, { stage: 'test' });
    reducer.apply(aBeat((NOON + 60) * 1_000, { latest: NOON }));
    expect(reducer.state.sources[0].clock).toBe(NOON);
    reducer.apply(aTick((NOON + 180) * 1_000));
    expect(reducer.state.sources[0].clock).toBe(NOON + 120);
  });
});
