import { describe, expect, test } from '@jest/globals';
import { aLine, anEmptyLine, CLIENT, type Line, NOON } from '../record.ts';
import { ruleOf } from '../rule.ts';
import { fired, minute } from './fired.ts';
import { firingsOf } from './firings.ts';

/** Five minutes. */
const rule = ruleOf({ kind: 'absent', for: 300, seen: 2 });
const HERE = [aLine(minute(0)), aLine(minute(5)), aLine(minute(7))];
/** Another group of the source says something every two minutes for so long. */
const alive = (minutes: number, source = '/vpc/a'): Line[] =>
  [...Array(Math.floor(minutes / 2) + 1).keys()].map((i) =>
    anEmptyLine(minute(2 * i), 'NODATA', source),
  );

function told(lines: readonly Line[], clock = minute(60)): string[] {
  return firingsOf({ rules: [rule], lines, clock })
    .map(({ group, slot }) => `${group} ${(slot - NOON) / 60}`)
    .sort();
}

describe('absent', () => {
  test('fires where two starts are for or more apart', () => {
    const again = (at: number) => fired(rule, [...HERE, aLine(at), ...alive(60)], minute(13));
    expect(again(minute(11, 59))).toEqual([]);
    expect(again(minute(12))).toEqual([12]);
  });

  test('fires where nothing comes any more and the clock has passed the deadline', () => {
    expect(fired(rule, [...HERE, ...alive(60)], minute(11, 59))).toEqual([]);
    expect(fired(rule, [...HERE, ...alive(60)], minute(12))).toEqual([12]);
    expect(fired(rule, [...HERE, ...alive(60)], minute(50))).toEqual([12]);
  });

  test('fires once a gap, and for the next gap again', () => {
    expect(fired(rule, [...HERE, aLine(minute(20)), ...alive(60)])).toEqual([12, 25]);
  });

  test('watches only what was seen in seen different spans', () => {
    expect(fired(rule, [aLine(minute(5)), aLine(minute(9)), ...alive(60)])).toEqual([]);
    expect(fired(rule, [aLine(minute(4)), aLine(minute(5)), ...alive(60)])).toEqual([10]);
  });

  test('a source that falls silent is told of in place of its groups', () => {
    expect(told([...HERE, ...alive(8)])).toEqual(['source /vpc/a 13']);
    expect(told([...HERE, ...alive(8)], minute(12, 59))).toEqual([`["${CLIENT}"] 12`]);
  });

  test('a silence shorter than for is none of the source', () => {
    const gap = (...back: number[]) =>
      told(
        [...HERE, ...alive(8), ...back.map((at) => anEmptyLine(minute(at), 'NODATA'))],
        minute(16),
      );
    expect(gap(11, 15)).toEqual([`["${CLIENT}"] 12`]);
    expect(gap(12)).toEqual([`["${CLIENT}"] 12`]);
    expect(gap(15)).toEqual(['source /vpc/a 13']);
  });

  test('when the source talks again its groups have for to come back', () => {
    const back = anEmptyLine(minute(30), 'NODATA');
    const more = anEmptyLine(minute(34), 'NODATA');
    const later = [...HERE, ...alive(8), back, more, anEmptyLine(minute(38), 'NODATA')];
    expect(told([...later, aLine(minute(34))], minute(38))).toEqual(['source /vpc/a 13']);
    expect(told(later, minute(38))).toEqual([`["${CLIENT}"] 35`, 'source /vpc/a 13']);
  });

  test('another source that goes on does not speak for the one that fed the group', () => {
    expect(told([...HERE, ...alive(8), ...alive(60, '/vpc/b')])).toEqual(['source /vpc/a 13']);
  });

  test('looks at the sources of the last minute with the group, and tells of each', () => {
    const both = aLine(minute(7, 30), { source: '/vpc/b' });
    expect(told([...HERE, both])).toEqual(['source /vpc/a 12', 'source /vpc/b 12']);
    const before = aLine(minute(6), { source: '/vpc/b' });
    expect(told([...HERE, before])).toEqual(['source /vpc/a 12']);
  });
});
