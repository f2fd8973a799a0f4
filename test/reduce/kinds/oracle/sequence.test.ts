import { describe, expect, test } from '@jest/globals';
import { by } from '../../rules.ts';
import { aLine } from '../record.ts';
import { is, ruleOf } from '../rule.ts';
import { fired, minute } from './fired.ts';

const KNOCK = { match: is('dstport', 22), above: 1 };
const ENTER = { match: is('dstport', 443), above: 0 };

describe('sequence', () => {
  const rule = ruleOf({ kind: 'sequence', steps: [KNOCK, ENTER] }, { window: 300 });
  const knock = (at: number) => aLine(minute(at), { dstport: 22 });
  const enter = (at: number) => aLine(minute(at));

  test('fires where the steps happen in order within the window', () => {
    expect(fired(rule, [knock(0), knock(1), enter(2)])).toEqual([2]);
    expect(fired(rule, [knock(0), enter(2)])).toEqual([]);
    expect(fired(rule, [knock(0), knock(1), enter(4)])).toEqual([4]);
    expect(fired(rule, [knock(0), knock(1), enter(5)])).toEqual([]);
  });

  test('the other way round is not in order, one slot is', () => {
    expect(fired(rule, [enter(0), knock(1), knock(1)])).toEqual([]);
    expect(fired(rule, [enter(1), knock(1), knock(1)])).toEqual([1]);
    expect(fired(rule, [knock(0), enter(1), knock(2)])).toEqual([]);
  });

  test('a step may count distinct values', () => {
    const spread = { ...KNOCK, distinct: ['dstaddr'] };
    const distinct = ruleOf({ kind: 'sequence', steps: [spread, ENTER] }, { window: 300 });
    const other = aLine(minute(1), { dstport: 22, dstaddr: '10.0.0.6' });
    expect(fired(distinct, [knock(0), knock(1), enter(2)])).toEqual([]);
    expect(fired(distinct, [knock(0), other, enter(2)])).toEqual([2]);
    expect(fired(distinct, [knock(0), { ...other, dstaddr: null }, enter(2)])).toEqual([]);
  });

  test('a step may be the firing of another rule, in whatever mode', () => {
    const knocks = ruleOf(
      { kind: 'count', above: 1 },
      {
        id: 'knocks',
        window: 120,
        match: KNOCK.match,
        by: by('dstaddr', 'srcaddr'),
        mode: 'signal',
      },
    );
    const steps = [{ rule: 'knocks' }, ENTER];
    const chained = ruleOf({ kind: 'sequence', steps }, { window: 300 });
    expect(fired([chained, knocks], [knock(0), knock(1), enter(5)])).toEqual([5]);
    expect(fired([chained, knocks], [knock(0), knock(1), enter(6)])).toEqual([]);
    expect(fired([chained, knocks], [knock(0), knock(2), enter(2)])).toEqual([]);
    expect(fired([chained, knocks], [enter(0), knock(0), knock(1)])).toEqual([]);
    const elsewhere = aLine(minute(3), { srcaddr: '198.51.100.9' });
    expect(fired([chained, knocks], [knock(0), knock(1), elsewhere])).toEqual([]);
  });
});
