import { describe, expect, test } from '@jest/globals';
import { Parser } from '../../../src/map/2-parse/parse.ts';
import { DEFAULT_FORMAT } from '../../../src/records/layout.ts';
import { line } from '../inputs.ts';
import { parse, verdict } from './parsed.ts';

describe('a group with several formats', () => {
  test('the number of fields decides', () => {
    const formats = [DEFAULT_FORMAT, 'srcaddr dstport start'];
    const { records, layouts, counts } = parse(['10.0.0.1 22 5', line()], { formats });
    expect(layouts).toEqual([1, 0]);
    expect(records[0]).toEqual({ srcaddr: '10.0.0.1', dstport: 22, start: 5 });
    expect(records[1]['log-status']).toBe('OK');
    expect(counts.malformed).toBe(0);
  });

  test('of equal numbers the types decide', () => {
    const formats = ['srcaddr dstport start', 'dstport srcaddr start'];
    const { layouts, records } = parse(['10.0.0.1 22 5', '22 ::1 5'], { formats });
    expect(layouts).toEqual([0, 1]);
    expect(records[1]).toEqual({ dstport: 22, srcaddr: '::1', start: 5 });
  });

  test('the values that AWS writes decide between two texts', () => {
    const formats = ['start type flow-direction', 'start flow-direction type'];
    expect(parse(['1 IPv4 ingress', '1 egress IPv6'], { formats }).layouts).toEqual([0, 1]);
    expect(verdict('1 - -', { formats })).toBe('ambiguous-format');
    expect(verdict('1 IPv9 sideways', { formats })).toBe('ambiguous-format');
  });

  test('a value not known yet does not lose a line that only one format takes', () => {
    const formats = ['start type', 'start srcaddr'];
    expect(parse(['1 IPv9'], { formats }).layouts).toEqual([0]);
  });

  test('what more than one fits is counted as ambiguous, its neighbours stay', () => {
    const formats = [
      'srcport dstport srcaddr start',
      'dstport srcport srcaddr start',
      'srcport start',
    ];
    const { counts, lines } = parse(['1 2', '1 2 ::1 5', '3 4'], { formats });
    expect(lines).toEqual([0, 2]);
    expect(counts.reasons).toEqual({ 'ambiguous-format': 1 });
  });

  test('the same format twice is one format, in whatever spelling', () => {
    const formats = ['srcaddr dstport start', 'srcaddr  dstport,start'];
    expect(parse(['::1 22 5'], { formats }).layouts).toEqual([0]);
    expect(parse(['::1 22 5', '7 8'], { formats: [...formats, 'dstport start'] }).layouts).toEqual([
      0, 2,
    ]);
  });

  test('lines without a flow are counted as such though more than one format fits', () => {
    const formats = ['srcaddr srcport start log-status', 'dstaddr dstport start log-status'];
    expect(verdict('- - 5 NODATA', { formats })).toBe('no data');
    expect(verdict('- - 5 SKIPDATA', { formats })).toBe('skipped data');
    expect(verdict('- - 5 OK', { formats })).toBe('ambiguous-format');
    const other = ['srcaddr srcport start log-status', 'dstaddr dstport start instance-tag'];
    expect(verdict('- - 5 NODATA', { formats: other })).toBe('ambiguous-format');
  });

  test('a fault of all formats is counted once', () => {
    const formats = ['srcaddr dstport start', 'dstport srcaddr start'];
    const { counts } = parse(['22 22 5'], { formats });
    expect([counts.malformed, Object.values(counts.reasons)]).toEqual([1, [1]]);
  });

  test('fields of the other format are absent, whatever stood there before', () => {
    const formats = ['srcaddr start dstport', 'dstaddr start'];
    const lines = ['2001:db8::1 5 22', '::2 6', '10.0.0.1 7 80', '10.0.0.2 8'];
    expect(parse(lines, { formats }).records).toEqual([
      { srcaddr: '2001:db8::1', start: 5, dstport: 22 },
      { dstaddr: '::2', start: 6 },
      { srcaddr: '10.0.0.1', start: 7, dstport: 80 },
      { dstaddr: '10.0.0.2', start: 8 },
    ]);
  });

  test('a parser takes inputs of other formats in turn', () => {
    const parser = new Parser();
    const first = { formats: ['srcaddr start'] };
    const second = { formats: ['start instance-tag', 'start'] };
    expect(parse(['::1 5'], first, parser).records).toEqual([{ srcaddr: '::1', start: 5 }]);
    expect(parse(['6 tag', '7'], second, parser).records).toEqual([
      { start: 6, 'instance-tag': 'tag' },
      { start: 7 },
    ]);
    expect(parse(['- 8'], first, parser).counts).toMatchObject({ records: 0, noData: 1 });
    expect(parse(['::1 5'], first, parser).records).toEqual([{ srcaddr: '::1', start: 5 }]);
  });
});
