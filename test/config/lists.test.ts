import { describe, expect, test } from '@jest/globals';
import ipaddr from 'ipaddr.js';
import { BUILTIN_LISTS } from '../../src/config/builtin-lists.ts';
import { compileList } from '../../src/config/lists.ts';
import { readBlock } from '../../src/rules/blocks.ts';
import { compiled, lines, tree } from './trees.ts';

const listOf = (text: string) => compileList({ path: 'lists/l', text, origin: 'l.yaml' }, 'l');

describe('values', () => {
  test('They are sorted by what they can be compared with', () => {
    const { list, problems } = listOf(
      'values: [10.0.0.0/8, 198.51.100.7, "2001:DB8::/32", 22, 80-90, "443", vpc-1, 012345678901, a b]',
    );
    expect(problems).toEqual([]);
    expect(list).toEqual({
      numbers: [
        [22, 22],
        [80, 90],
        [443, 443],
        [12_345_678_901, 12_345_678_901],
      ],
      cidrs: ['10.0.0.0/8', '198.51.100.7/32', '2001:db8::/32'],
      strings: ['012345678901', '22', '443', '80-90', 'a b', 'vpc-1'],
    });
  });

  test('An empty list is allowed', () => {
    expect(listOf('values: []')).toEqual({
      list: { numbers: [], cidrs: [], strings: [] },
      problems: [],
    });
  });

  test.each([
    [
      'values: [10.0.0.1/8]',
      'l.yaml:1 l values[0]: "10.0.0.1/8" has host bits set (write 10.0.0.0/8 for the block or 10.0.0.1 for the address)',
    ],
    [
      'values:\n  - 10.0.0.0/8\n  - 10.0.0.300',
      expect.stringContaining('l.yaml:3 l values[1]: "10.0.0.300" is not an address'),
    ],
    ['values: [90-80]', 'l.yaml:1 l values[0]: the range "90-80" is backwards (write 80-90)'],
    ['values: [$private]', expect.stringContaining('a list cannot name another')],
    ['values: [""]', expect.stringContaining('found an empty text')],
    [
      'values: [true]',
      expect.stringContaining('values[0]: found true; wanted: a text or a number'),
    ],
    ['values: 22', expect.stringContaining('values: found 22; wanted: a list')],
    ['value: [22]', expect.stringContaining('did you mean values?')],
    ['description: x', expect.stringContaining('values: is missing')],
    ['values: [1]\n---\nvalues: [2]', expect.stringContaining('a second document in one text')],
  ])('%j is refused', (text, message) => {
    const { list, problems } = listOf(text);
    expect(list).toBeUndefined();
    expect(lines(problems)).toContainEqual(message);
  });

  test('Digits and dots that are no address get a warning', () => {
    const { list, problems } = listOf('values: ["10.0.0"]');
    expect(list?.strings).toEqual(['10.0.0']);
    expect(lines(problems, 'warning')).toEqual([
      'l.yaml:1 l values[0]: "10.0.0" is no address and kept as text',
    ]);
  });

  test('ip-ranges.json is a list as it is downloaded, however long', () => {
    const prefixes = Array.from({ length: 1_000 }, (_, index) => ({
      ip_prefix: `10.${index >> 8}.${index & 255}.0/24`,
      region: 'eu-west-1',
      service: 'S3',
    }));
    const file = {
      syncToken: '1',
      createDate: '2026-01-01',
      prefixes: [...prefixes, prefixes[0]],
      ipv6_prefixes: [{ ipv6_prefix: '2600:1f00::/24', region: 'x', service: 'EC2' }],
    };
    const { snapshot, problems } = compiled({
      'lists/aws': JSON.stringify(file),
      'rules/a': 'match: { dstaddr: $aws }',
    });
    expect(lines(problems)).toEqual([]);
    expect(snapshot.lists.aws.cidrs).toHaveLength(1_001);
  });
});

describe('names', () => {
  test('Parts are one list', () => {
    const { snapshot, problems } = compiled({
      'lists/l/1': 'values: [1, 10.0.0.0/8]',
      'lists/l/2': 'values: [2, 10.0.0.0/8, x]',
      'lists/l': 'values: [3]',
      'rules/a': 'match: { dstport: $l }',
    });
    expect(lines(problems)).toEqual([]);
    expect(snapshot.lists.l).toEqual({
      numbers: [[1, 3]],
      cidrs: ['10.0.0.0/8'],
      strings: ['1', '2', '3', 'x'],
    });
  });

  test('A list that nothing names is not in the snapshot; internal always is', () => {
    const { snapshot } = compiled({ 'lists/l': 'values: [1]' });
    expect(Object.keys(snapshot.lists)).toEqual(['internal']);
    expect(snapshot.lists.internal).toEqual(BUILTIN_LISTS.get('private'));
  });

  test('A list named internal replaces the built-in one', () => {
    const { snapshot, problems } = compiled({ 'lists/internal': 'values: [10.9.0.0/16]' });
    expect(lines(problems)).toEqual([]);
    expect(snapshot.lists.internal.cidrs).toEqual(['10.9.0.0/16']);
  });

  test.each(['private', 'bogon'])('%s cannot be replaced', (name) => {
    const { snapshot, problems } = compiled({
      [`lists/${name}`]: 'values: [10.9.0.0/16]',
      'rules/a': `match: { srcaddr: $${name} }`,
    });
    expect(lines(problems)).toEqual([
      expect.stringContaining(`$${name} is built in and cannot be replaced`),
    ]);
    expect(snapshot.lists[name]).toEqual(BUILTIN_LISTS.get(name));
  });

  test('A name is lower case', () => {
    expect(lines(compiled({ 'lists/My_List': 'values: [1]' }).problems)).toEqual([
      '/t/lists/My_List:1 My_List: this is no name for a list (use a-z, 0-9 and hyphens)',
    ]);
  });

  test('A bad list takes along the rules that name it, and no others', () => {
    const config = compiled({
      'lists/l': 'values: [10.0.0.1/8]',
      'rules/a': 'match: { srcaddr: $l }',
      'rules/b': 'match: { srcaddr: $internal }',
    });
    expect(lines(config.problems)).toEqual([
      expect.stringContaining('/t/lists/l:1 l values[0]'),
      '/t/rules/a:1 a match.srcaddr: the list $l has errors, so it cannot be used (mend the list)',
    ]);
    expect(config.snapshot.rules.map(({ id }) => id)).toEqual(['b']);
  });

  test('While a list named internal is bad, internal is what it is without it', () => {
    const config = compiled({
      'lists/internal': 'values: 5',
      'rules/b': 'match: { srcaddr: $internal }',
    });
    expect(config.snapshot.rules).toHaveLength(1);
    expect(config.snapshot.lists.internal).toEqual(BUILTIN_LISTS.get('private'));
  });
});

describe('lists that come with the built-in rules', () => {
  const builtin = tree({
    'lists/scanners': 'values: []',
    'rules/probe': 'match: { srcaddr: { not: $scanners } }',
  });
  const options = { builtin, builtinDefault: true };

  test('They are there without a document, for rules of one’s own as well', () => {
    const { snapshot, problems } = compiled(
      { 'rules/a': 'match: { srcaddr: $scanners }' },
      options,
    );
    expect(problems).toEqual([]);
    expect(snapshot.rules.map(({ id }) => id)).toEqual(['a', 'probe', 'test-alert']);
    expect(snapshot.lists.scanners).toEqual({ numbers: [], cidrs: [], strings: [] });
  });

  test('A document of the same name replaces one, and a bad one does not', () => {
    const scanners = (text: string) =>
      compiled({ 'lists/scanners': text }, options).snapshot.lists.scanners.cidrs;
    expect(scanners('values: [192.0.2.0/28]')).toEqual(['192.0.2.0/28']);
    expect(scanners('values: x')).toEqual([]);
  });

  test('Once the document is deleted, the list is what it was, without a word', () => {
    const before = compiled({ 'lists/scanners': 'values: [192.0.2.0/28]' }, options);
    const after = compiled({}, { ...options, previous: before.good });
    expect(after.snapshot.lists.scanners.cidrs).toEqual([]);
    expect(after.problems).toEqual([]);
  });
});

describe('built-in lists', () => {
  const holds = (name: string, address: string) => {
    const parsed = ipaddr.parse(address);
    return (BUILTIN_LISTS.get(name)?.cidrs ?? []).some((cidr) => {
      const block = ipaddr.parseCIDR(cidr);
      return block[0].kind() === parsed.kind() && parsed.match(block);
    });
  };

  test('Their blocks are in normal form', () => {
    for (const { cidrs } of BUILTIN_LISTS.values()) {
      for (const cidr of cidrs) expect(readBlock(cidr)).toEqual({ cidr });
      expect([...cidrs].sort()).toEqual(cidrs);
    }
  });

  test.each([
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.9.9',
    '100.64.0.1',
    '100.127.255.255',
    'fd00::1',
    'fc00::1',
  ])('%s is private, and no bogon', (address) => {
    expect([holds('private', address), holds('bogon', address)]).toEqual([true, false]);
  });

  test.each([
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '192.169.0.1',
    '11.0.0.1',
    '8.8.8.8',
    'fe00::1',
    '2600::1',
    '224.0.0.1',
  ])('%s is neither', (address) => {
    expect([holds('private', address), holds('bogon', address)]).toEqual([false, false]);
  });

  test.each([
    '0.0.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.19.255.255',
    '203.0.113.9',
    '240.0.0.1',
    '255.255.255.255',
    '::1',
    '2001:db8::1',
    'fe80::1',
    '100::1',
  ])('%s is a bogon', (address) => {
    expect(holds('bogon', address)).toBe(true);
  });
});
