import { describe, expect, test } from '@jest/globals';
import { newCounts, Parser } from '../../../src/map/2-parse/parse.ts';
import { Enricher } from '../../../src/map/3-enrich/enrich.ts';
import { numberingOf } from '../../../src/map/5-digest/tuples.ts';
import type { AddressColumn, NumberColumn } from '../../../src/records/batch.ts';
import { fieldFor, RecordBatch } from '../../../src/records/batch.ts';
import { inputOf } from '../inputs.ts';

const FIVE = ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'] as const;
const HASHES = 2 ** 48;

/** Numbers of lines of a format, one after another. */
function numbers(format: string, lines: readonly string[], fields: readonly string[]): number[] {
  const parser = new Parser();
  const input = inputOf(lines, { formats: [`${format} start`] });
  const batch = parser.parse(input, 0, lines.length, newCounts());
  new Enricher([], new Set(['service', 'leg'])).enrich(batch);
  const number = numberingOf(batch, fields);
  return lines.map((_, row) => number(row));
}

const FORMAT = FIVE.join(' ');
const number = (line: string, fields: readonly string[] = FIVE, format = FORMAT): number =>
  numbers(format, [`${line} 1`], fields)[0];

describe('the number of a value', () => {
  test('is the value of a lone number, and the 32 bits of a lone IPv4 address', () => {
    const line = '10.0.0.1 255.255.255.255 50000 443 6';
    expect(number(line, ['dstport'])).toBe(443);
    expect(number(line, ['srcaddr'])).toBe(0x0a000001);
    expect(number(line, ['dstaddr'])).toBe(0xffffffff);
    expect(number('9007199254740991', ['bytes'], 'bytes')).toBe(Number.MAX_SAFE_INTEGER);
  });

  test.each([
    ['an IPv6 address', '::1 ::2 1 2 6', ['srcaddr']],
    ['two fields', '10.0.0.1 10.0.0.2 1 2 6', ['srcport', 'dstport']],
    ['a five-tuple', '10.0.0.1 10.0.0.2 1 2 6', FIVE],
  ])('is a hash of 49 bits for %s', (_, line, fields) => {
    const hash = number(line, fields);
    expect(Number.isSafeInteger(hash)).toBe(true);
    expect(hash).toBeGreaterThanOrEqual(HASHES);
    expect(hash).toBeLessThan(2 * HASHES);
  });

  test('is a hash for text and codes as well, by what they say', () => {
    const of = (value: string, field: string) => number(`${value} 1`, [field], `${field} bytes`);
    for (const field of ['instance-tag', 'quantum-state']) {
      expect(of('abcde', field)).toBe(of('abcde', 'interface-tag'));
      expect(of('abcde', field)).not.toBe(of('abcdf', field));
      expect(of('abcd', field)).not.toBe(of('abcde', field));
      expect(of('é', field)).toBeGreaterThanOrEqual(HASHES);
    }
    expect(of('ACCEPT', 'action')).toBe(of('ACCEPT', 'instance-tag'));
    expect(of('ACCEPT', 'action')).not.toBe(of('REJECT', 'action'));
  });

  test('never changes: digests of one release meet those of the next', () => {
    const line = '10.0.0.1 10.0.0.2 50000 443 6';
    expect([
      number(line),
      number('2001:db8::1 2001:db8::2 50000 443 6'),
      number(line, ['srcaddr', 'dstport']),
      number(line, ['service']),
      number('2001:db8::1 10.0.0.2 50000 443 6', ['srcaddr']),
    ]).toMatchInlineSnapshot(`
[
  285437221274335,
  550939572247018,
  485852025727021,
  492133015239656,
  513875133685850,
]
`);
  });

  test('tells each of the five apart, and their order', () => {
    const lines = [
      '10.0.0.1 10.0.0.2 50000 443 6',
      '10.0.0.2 10.0.0.1 50000 443 6',
      '10.0.0.1 10.0.0.2 443 50000 6',
      '10.0.0.1 10.0.0.2 50000 443 17',
      '10.0.0.1 10.0.0.2 50001 443 6',
      '10.0.0.1 10.0.0.3 50000 443 6',
      '::10.0.0.1 10.0.0.2 50000 443 6',
      '::ffff:10.0.0.1 10.0.0.2 50000 443 6',
      '10.0.0.1 ::10.0.0.2 50000 443 6',
    ];
    expect(new Set(lines.map((line) => number(line))).size).toBe(lines.length);
  });

  test('is the same whatever the batch and the layout', () => {
    for (const [src, dst] of [
      ['10.0.0.1', '10.0.0.2'],
      ['2001:db8::1', '2001:db8::ffff'],
    ]) {
      const alone = number(`${src} ${dst} 50000 443 6`);
      expect(
        number(
          `6 junk 443 ${dst} 50000 ${src}`,
          FIVE,
          'protocol az-id dstport dstaddr srcport srcaddr',
        ),
      ).toBe(alone);
      const among = [`::5 ::6 7 8 9 1`, `1.2.3.4 5.6.7.8 1 2 3 1`, `${src} ${dst} 50000 443 6 1`];
      expect(numbers(FORMAT, among, FIVE)[2]).toBe(alone);
    }
  });

  test('is that of the flow for a record that answers it, with both sides swapped', () => {
    const reversed = ['dstaddr', 'srcaddr', 'dstport', 'srcport', 'protocol'];
    expect(number('10.0.0.2 10.0.0.1 443 50000 6', reversed)).toBe(
      number('10.0.0.1 10.0.0.2 50000 443 6'),
    );
    expect(number('::2 ::1 443 50000 6', reversed)).toBe(number('::1 ::2 50000 443 6'));
  });
});

describe('a million five-tuples in a row', () => {
  const COUNT = 1_000_000;
  const column = <C>(batch: RecordBatch, name: string): C => batch.define(fieldFor(name)) as C;

  test.each([
    ['of ports and addresses', 4],
    ['of IPv6 addresses', 6],
  ])(
    '%s have a million hashes',
    (_, family) => {
      const batch = new RecordBatch(1);
      const src = column<AddressColumn>(batch, 'srcaddr');
      const dst = column<AddressColumn>(batch, 'dstaddr');
      const srcport = column<NumberColumn>(batch, 'srcport');
      const dstport = column<NumberColumn>(batch, 'dstport');
      column<NumberColumn>(batch, 'protocol').values[0] = 6;
      for (const side of [src, dst]) {
        side.family[0] = family;
        side.v6 = new Uint32Array(4);
      }
      const hash = numberingOf(batch, FIVE);
      const hashes = new Float64Array(COUNT);
      for (let i = 0; i < COUNT; i++) {
        src.v4[0] = 0x0a000000 + (i >> 14);
        src.v6![3] = i >> 14;
        dst.v4[0] = 0x0a800000 + ((i >> 10) & 15);
        dst.v6![3] = (i >> 10) & 15;
        srcport.values[0] = 50_000 + (i & 31);
        dstport.values[0] = 1 + ((i >> 5) & 31);
        hashes[i] = hash(0);
      }
      hashes.sort();
      let equal = 0;
      for (let i = 1; i < COUNT; i++) if (hashes[i] === hashes[i - 1]) equal++;
      expect(equal).toBe(0);
    },
    60_000,
  );
});
