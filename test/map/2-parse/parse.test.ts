import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { Parser } from '../../../src/map/2-parse/parse.ts';
import { formatIpv4 } from '../../../src/records/address.ts';
import { LOGGED_FIELDS } from '../../../src/records/fields.ts';
import { type Flow, line } from '../inputs.ts';
import { parse, verdict } from './parsed.ts';

const corpus = (name: string): string[] =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/corpora/${name}`, import.meta.url)), 'utf8')
    .trim()
    .split('\n');

describe('a line of the default format', () => {
  test('is a record of typed fields', () => {
    const { records, times, counts } = parse([line({ dstport: 22 })]);
    expect(records).toEqual([
      {
        version: 2,
        'account-id': '123456789012',
        'interface-id': 'eni-0123456789abcdef0',
        srcaddr: '10.0.0.10',
        dstaddr: '10.0.0.20',
        srcport: 49_152,
        dstport: 22,
        protocol: 6,
        packets: 10,
        bytes: 840,
        start: 1_700_000_000,
        end: 1_700_000_059,
        action: 'ACCEPT',
        'log-status': 'OK',
      },
    ]);
    expect(times).toEqual([1_700_000_000]);
    expect(counts).toMatchObject({ records: 1, malformed: 0, noData: 0, skipData: 0, reasons: {} });
  });

  test('may have any run of blanks, tabs and control characters between its fields', () => {
    const plain = parse([line()]).records;
    const odd = [' ', '  ', '\t', ' \t ', '\0', '\r'].map((gap) => line().replaceAll(' ', gap));
    expect(parse(odd).records).toEqual(odd.map(() => plain[0]));
    expect(parse([`  ${line()} \t`]).records).toEqual(plain);
  });
});

describe('what is wrong with a line', () => {
  const withTag = { formats: ['instance-tag start'] };
  test.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'empty'],
    ['blanks', ' \t ', 'empty'],
    ['a field too few', line().replace(' OK', ''), 'too-few-fields'],
    ['a field too many', `${line()} more`, 'too-many-fields'],
    ['blanks at the end', `${line()} `, 'record'],
    ['a letter in a number', line({ packets: '1O' }), 'bad-number'],
    ['a sign', line({ packets: '+10' }), 'bad-number'],
    ['a negative number', line({ bytes: '-10' }), 'bad-number'],
    ['a decimal point', line({ bytes: '1.0' }), 'bad-number'],
    ['an exponent', line({ bytes: '1e3' }), 'bad-number'],
    ['a byte beyond ASCII in a number', line({ bytes: '1é' }), 'bad-number'],
    ['two dashes', line({ bytes: '--' }), 'bad-number'],
    ['one dash', line({ bytes: '-' }), 'record'],
    ['leading zeros', line({ bytes: '0010' }), 'record'],
    ['the last port', line({ dstport: 65_535 }), 'record'],
    ['a port beyond it', line({ dstport: 65_536 }), 'out-of-range'],
    ['the last protocol', line({ protocol: 255 }), 'record'],
    ['a protocol beyond it', line({ protocol: 256 }), 'out-of-range'],
    ['2^53 - 1 bytes', line({ bytes: '9007199254740991' }), 'record'],
    ['2^53 bytes', line({ bytes: '9007199254740992' }), 'out-of-range'],
    ['2^53 + 1 bytes', line({ bytes: '9007199254740993' }), 'out-of-range'],
    ['a number of 400 digits', line({ bytes: '9'.repeat(400) }), 'out-of-range'],
    ['an octet of 256', line({ srcaddr: '10.0.0.256' }), 'bad-address'],
    ['an octet of 255', line({ srcaddr: '10.0.0.255' }), 'record'],
    ['a leading zero in an address', line({ srcaddr: '10.0.0.01' }), 'bad-address'],
    ['three octets', line({ srcaddr: '10.0.0' }), 'bad-address'],
    ['an octet too many', line({ srcaddr: '10.0.0.1.1' }), 'bad-address'],
    ['an address with a port', line({ srcaddr: '10.0.0.1:80' }), 'bad-address'],
    ['a block', line({ srcaddr: '10.0.0.0/8' }), 'bad-address'],
    ['a broken IPv6 address', line({ srcaddr: '2001:db8:::1' }), 'bad-address'],
    ['an IPv6 address', line({ srcaddr: '2001:db8::1' }), 'record'],
    ['a zone', line({ srcaddr: 'fe80::1%0' }), 'bad-address'],
    ['a name for an address', line({ srcaddr: 'localhost' }), 'bad-address'],
    ['an action in lower case', line({ action: 'accept' }), 'bad-value'],
    ['an unknown action', line({ action: 'DROP' }), 'bad-value'],
    ['the start of an action', line({ action: 'ACCEP' }), 'bad-value'],
    ['more than an action', line({ action: 'ACCEPTS' }), 'bad-value'],
    ['no action', line({ action: '-' }), 'record'],
    ['an unknown status', line({ status: 'MAYBE' }), 'bad-value'],
    ['no status', line({ status: '-' }), 'record'],
    ['a broken byte in text', broken(line(), 'eni-'), 'not-utf8'],
    ['a whole character in text', line().replace('eni-', 'eñi-'), 'record'],
    ['a start and end that are absent', line({ start: '-', end: '-' }), 'no-time'],
    ['an absent start', line({ start: '-', end: 1_700_000_000 }), 'record'],
    ['a header', 'version account-id interface-id', 'too-few-fields'],
    ['an odd value in a line that is too short', '2 1 eni-1 nowhere', 'too-few-fields'],
    [
      'an odd value in a line that is too long',
      `${line({ dstport: 70_000 })} more`,
      'too-many-fields',
    ],
  ])('%s: %s', (_, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });

  test.each([
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a character cut short', [0xe2, 0x82]],
    ['a lone continuation', [0x80]],
  ])('text is checked to be UTF-8: %s', (_, bytes) => {
    expect(verdict(Buffer.concat([Buffer.from(bytes), Buffer.from(' 1')]), withTag)).toBe(
      'not-utf8',
    );
    expect(verdict('€ 1', withTag)).toBe('record');
  });

  test('a reason is sampled once, cut to 200 characters', () => {
    const { counts } = parse(['x'.repeat(300), 'y', line({ dstport: 70_000 })]);
    expect(counts.samples).toEqual([
      { reason: 'too-few-fields', line: 'x'.repeat(200) },
      { reason: 'out-of-range', line: line({ dstport: 70_000 }) },
    ]);
    expect(counts.reasons).toEqual({ 'too-few-fields': 2, 'out-of-range': 1 });
    expect(counts.malformed).toBe(3);
  });

  test('a line too bad to be a record leaves nothing behind in the next one', () => {
    const bad = line({ srcaddr: '2001:db8::1', dstport: 22, status: 'MAYBE' });
    const good = line({ dstport: '-', srcaddr: '-' });
    expect(parse([bad, good]).records).toEqual(parse([good]).records);
    const parser = new Parser();
    parse([line({ srcaddr: '2001:db8::1' })], {}, parser);
    expect(parse([good], {}, parser).records).toEqual(parse([good]).records);
  });
});

describe('addresses', () => {
  test.each([
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8:0:0:8:800:200C:417A', '2001:db8::8:800:200c:417a'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::', '::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['0:0:0:0:0:FFFF:c000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['fe80::0:1', 'fe80::1'],
  ])('%s is the address %s', (text, expected) => {
    expect(parse([line({ srcaddr: text })]).records[0].srcaddr).toBe(expected);
  });

  test('any of both families is read in any field, and the other family stays out of it', () => {
    const v4 = fc.nat(0xffff_ffff).map((value) => formatIpv4(value));
    const v6 = fc
      .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
      .map((parts) => new ipaddr.IPv6([...parts.slice(0, 5), 1, ...parts.slice(6)]))
      .map((address) => address.toRFC5952String());
    const address = fc.oneof(v4, v6, fc.constant('-'));
    fc.assert(
      fc.property(fc.array(fc.tuple(address, address), { maxLength: 20 }), (pairs) => {
        const { records } = parse(pairs.map(([srcaddr, dstaddr]) => line({ srcaddr, dstaddr })));
        const shown = records.map(({ srcaddr = '-', dstaddr = '-' }) => [srcaddr, dstaddr]);
        expect(shown).toEqual(pairs);
      }),
    );
  });
});

describe('time', () => {
  test('start and end in milliseconds are seconds, up to 10^11 they are seconds already', () => {
    const [ms, s, least] = parse([
      line({ start: 1_700_000_000_999, end: 1_700_000_059_001 }),
      line({ start: 1_700_000_000 }),
      line({ start: 100_000_000_000, end: 100_000_000_001 }),
    ]).records;
    expect([ms.start, ms.end, s.start]).toEqual([1_700_000_000, 1_700_000_059, 1_700_000_000]);
    expect([least.start, least.end]).toEqual([100_000_000_000, 100_000_000]);
  });

  test('a record is placed by start, else by end, else by its event, in whole seconds', () => {
    const times = [50.75, 50.75, 50.75];
    expect(parse(['7 9'], { formats: ['start end'], times }).times).toEqual([7]);
    expect(parse(['- 9'], { formats: ['start end'], times }).times).toEqual([9]);
    expect(parse(['- -'], { formats: ['start end'], times }).times).toEqual([50]);
    expect(parse(['9'], { formats: ['end'], times }).times).toEqual([9]);
    expect(parse(['22'], { formats: ['dstport'], times }).times).toEqual([50]);
  });

  test('without any of these it is malformed, its neighbours are not', () => {
    const formats = ['dstport'];
    expect(parse(['22'], { formats }).counts.reasons).toEqual({ 'no-time': 1 });
    const { counts, times } = parse(['1', '2', '3'], { formats, times: [5, Number.NaN, -1] });
    expect(times).toEqual([5]);
    expect(counts.reasons).toEqual({ 'no-time': 2 });
  });

  test('where a span is asked for, lines outside it are counted and nothing else', () => {
    const parser = new Parser({ from: 100, until: 160 });
    const flow = (start: number) => line({ start, end: start + 59 });
    const { counts, times } = parse(
      [
        flow(99),
        flow(100),
        flow(159),
        flow(160),
        line({ start: 99, status: 'NODATA' }),
        line({ start: 120, status: 'NODATA' }),
        line({ start: 160, status: 'SKIPDATA' }),
        line({ start: 159, status: 'SKIPDATA' }),
        'broken',
      ],
      {},
      parser,
    );
    expect(times).toEqual([100, 159]);
    expect(counts).toMatchObject({ records: 2, outside: 4, noData: 1, skipData: 1, malformed: 1 });
    expect(parser.flowless).toEqual({ noData: [120], skipData: [159] });
  });
});

describe('lines without a flow', () => {
  const v2 = (status: string): string => `2 123456789010 eni-1 - - - - - - - 1 2 - ${status}`;
  const long = [
    'version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport',
    'dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status',
  ].join(' ');

  test.each([
    ['NODATA', 'no data'],
    ['SKIPDATA', 'skipped data'],
    ['OK', 'record'],
  ])('%s of version 2: %s', (status, expected) => {
    expect(verdict(v2(status))).toBe(expected);
  });

  test.each([
    ['NODATA', 'no data'],
    ['SKIPDATA', 'skipped data'],
  ])('%s of a long custom format: %s', (status, expected) => {
    const text = `3 - - - eni-1 123456789010 - - - - - - - - - - 1 2 - - ${status}`;
    expect(verdict(text, { formats: [long] })).toBe(expected);
  });

  test.each([
    ['srcaddr dstaddr start end', '- - 1 2', 'no data'],
    ['srcaddr dstaddr bytes start', '- - - 1', 'no data'],
    ['srcaddr dstaddr bytes start', '- - 9 1', 'record'],
    ['srcaddr dstaddr start', '10.0.0.1 - 1', 'record'],
    ['srcaddr dstaddr protocol packets start', '- - 6 3 1', 'record'],
    ['pkt-srcaddr pkt-dstaddr start', '- - 1', 'no data'],
    ['pkt-srcaddr pkt-dstaddr start', '- 10.0.0.1 1', 'record'],
    ['instance-id start', '- 1', 'record'],
    ['start', '1', 'record'],
  ])('a format without log-status, "%s": "%s" is %s', (format, text, expected) => {
    expect(verdict(text, { formats: [format] })).toBe(expected);
  });
});

describe('other formats', () => {
  test('the fields may stand in any order', () => {
    const names = [...'srcaddr dstaddr srcport dstport protocol start end action'.split(' ')];
    const values: Record<string, string> = {
      srcaddr: '10.0.0.1',
      dstaddr: '2001:db8::1',
      srcport: '1',
      dstport: '2',
      protocol: '6',
      start: '5',
      end: '6',
      action: 'REJECT',
    };
    const expected = { ...values, srcport: 1, dstport: 2, protocol: 6, start: 5, end: 6 };
    const order = fc.shuffledSubarray(names, { minLength: 1 });
    fc.assert(
      fc.property(order, (fields) => {
        const text = fields.map((name) => values[name]).join(' ');
        const { records } = parse([text], { formats: [fields.join(' ')], times: [5] });
        const wanted = Object.fromEntries(
          Object.entries(expected).filter(([name]) => fields.includes(name)),
        );
        expect(records).toEqual([wanted]);
      }),
    );
  });

  test('a field that nobody knows yet is kept as text', () => {
    const formats = ['quantum-state start srcport'];
    expect(parse(['10.0.0.1/~é 1 22'], { formats }).records).toEqual([
      { 'quantum-state': '10.0.0.1/~é', start: 1, srcport: 22 },
    ]);
  });

  test('values of open sets are taken as they come', () => {
    const formats = ['type flow-direction interface-type start'];
    expect(verdict('IPv9 sideways blimp 1', { formats })).toBe('record');
  });

  test('every field of the table can be absent', () => {
    const formats = [LOGGED_FIELDS.map(({ name }) => name).join(' ')];
    const text = LOGGED_FIELDS.map(({ name }) =>
      name === 'version' ? '11' : name === 'srcport' ? '1' : '-',
    );
    const { records } = parse([text.join(' ')], { formats, times: [5] });
    expect(records).toEqual([{ version: 11, srcport: 1 }]);
  });

  test('real lines of versions 2 and 5 are read whole', () => {
    const v2 = parse(corpus('obsrvbl-oss__flowlogs-reader/v2_records.log'));
    expect(v2.counts).toMatchObject({ records: 3, noData: 1, skipData: 1, malformed: 0 });
    const [header, ...lines] = corpus('obsrvbl-oss__flowlogs-reader/v5_file.log');
    const v5 = parse(lines, { formats: [header] });
    expect(lines.at(-1)).toBe('bogus line');
    expect(v5.counts).toMatchObject({ records: lines.length - 1, malformed: 1 });
    expect(v5.records[0]).toMatchObject({ 'tcp-flags': expect.any(Number), type: 'IPv4' });
  });
});

describe('bytes of any kind', () => {
  const good = fc.record<Flow>({
    srcaddr: fc.constantFrom('10.0.0.1', '::1', '198.51.100.7'),
    dstport: fc.nat(65_535),
    bytes: fc.maxSafeNat(),
    start: fc.integer({ min: 1, max: 4e9 }),
    action: fc.constantFrom('ACCEPT', 'REJECT'),
  });
  const token = fc.oneof(
    fc.constantFrom(
      '-',
      '2',
      'eni-1',
      '10.0.0.1',
      '::1',
      '443',
      'ACCEPT',
      'OK',
      'NODATA',
      'SKIPDATA',
      'é',
      '1e9',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  const other = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.array(token, { maxLength: 16 }).map((tokens) => Buffer.from(tokens.join(' '))),
    good.map((flow) =>
      Buffer.from(line(flow)).map((byte, i) => (i % 37 === 3 ? byte ^ 0x91 : byte)),
    ),
  );

  test.each([
    ['one format', ['']],
    ['two formats', ['', 'version account-id interface-id srcaddr dstaddr bytes']],
  ])('no line throws, no good line is lost, all are counted: %s', (_, [, ...more]) => {
    const formats = [
      'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
      ...more,
    ];
    const entry = fc.oneof(good, other);
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
        const lines = entries.map((one) => (one instanceof Uint8Array ? one : line(one)));
        const { records, lines: from, counts } = parse(lines, { formats });
        const { records: flows, malformed, noData, skipData } = counts;
        expect(flows + malformed + noData + skipData).toBe(lines.length);
        const reasons = Object.values(counts.reasons).reduce((sum, count) => sum + count, 0);
        expect(reasons).toBe(malformed);
        entries.forEach((flow, i) => {
          if (flow instanceof Uint8Array) return;
          expect(records[from.indexOf(i)]).toMatchObject(flow);
        });
      }),
      { numRuns: 1500 },
    );
  });
});

/** The line with one byte put after `after` that no UTF-8 has. */
function broken(text: string, after: string): Buffer {
  const at = text.indexOf(after) + after.length;
  return Buffer.concat([
    Buffer.from(text.slice(0, at)),
    Buffer.of(0xff),
    Buffer.from(text.slice(at)),
  ]);
}
