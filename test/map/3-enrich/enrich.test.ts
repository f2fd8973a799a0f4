import { describe, expect, test } from '@jest/globals';
import { newCounts, Parser } from '../../../src/map/2-parse/parse.ts';
import { Enricher } from '../../../src/map/3-enrich/enrich.ts';
import { DERIVED_FIELDS } from '../../../src/records/fields.ts';
import { type Flow, inputOf, line, PRIVATE } from '../inputs.ts';

const ALL = new Set(DERIVED_FIELDS.map(({ name }) => name));
const parser = new Parser();

/** The derived fields of one line. */
function derived(
  text: string,
  format?: string,
  needed: ReadonlySet<string> = ALL,
): Record<string, string | number> {
  const input = inputOf([text], format === undefined ? {} : { formats: [format], times: [1] });
  const batch = parser.parse(input, 0, 1, newCounts());
  new Enricher(PRIVATE.cidrs, needed).enrich(batch);
  expect(batch.count).toBe(1);
  const fields = [...ALL].flatMap((name) => {
    const value = batch.value(name, 0);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(fields);
}

const ofFlow = (flow: Flow) => derived(line(flow));

describe('traffic', () => {
  const IN = '10.0.0.1';
  const OUT = '198.51.100.7';
  test.each([
    [OUT, IN, 'inbound'],
    [IN, OUT, 'outbound'],
    [IN, '192.168.3.4', 'internal'],
    [OUT, '203.0.113.9', 'external'],
    ['fd00::1', '2001:db8::1', 'outbound'],
    ['::ffff:10.0.0.1', IN, 'inbound'],
  ])('from %s to %s is %s', (srcaddr, dstaddr, traffic) => {
    expect(ofFlow({ srcaddr, dstaddr }).traffic).toBe(traffic);
  });

  test('is absent where an address is', () => {
    expect(ofFlow({ srcaddr: '-' })).not.toHaveProperty('traffic');
    expect(ofFlow({ dstaddr: '-' })).not.toHaveProperty('traffic');
    expect(derived('10.0.0.1', 'srcaddr')).not.toHaveProperty('traffic');
  });

  test('prefers the addresses in the packet, each where it is there', () => {
    const format = 'srcaddr dstaddr pkt-srcaddr pkt-dstaddr';
    const of = (text: string) => derived(text, format).traffic;
    expect(of(`${IN} 10.0.0.2 ${OUT} -`)).toBe('inbound');
    expect(of(`${IN} 10.0.0.2 - ${OUT}`)).toBe('outbound');
    expect(of(`${IN} 10.0.0.2 ${OUT} 203.0.113.9`)).toBe('external');
    expect(of(`${IN} 10.0.0.2 - -`)).toBe('internal');
    expect(of(`- - ${IN} ${OUT}`)).toBe('outbound');
    expect(of(`- ${IN} - ${OUT}`)).toBeUndefined();
  });

  test('needs no srcaddr where the format has the addresses in the packet alone', () => {
    expect(derived(`${OUT} ${IN}`, 'pkt-srcaddr pkt-dstaddr').traffic).toBe('inbound');
    expect(derived(`${OUT} ${IN}`, 'pkt-srcaddr dstaddr').traffic).toBe('inbound');
    expect(derived(`${OUT} -`, 'pkt-srcaddr pkt-dstaddr').traffic).toBeUndefined();
  });
});

describe('leg', () => {
  const format = 'tcp-flags srcport dstport protocol';
  test.each([
    ['SYN', '2 443 50000 6', 'request'],
    ['SYN-ACK', '18 50000 443 6', 'reply'],
    ['SYN and FIN of one interval', '3 443 50000 6', 'request'],
    ['SYN-ACK and FIN of one interval', '19 50000 443 6', 'reply'],
    ['SYN and RST', '6 443 50000 6', 'request'],
    ['FIN alone: the ports decide', '1 443 50000 6', 'reply'],
    ['no flags: the ports decide', '0 50000 443 6', 'request'],
    ['absent flags: the ports decide', '- 443 50000 6', 'reply'],
    ['a registered port against an ephemeral one', '0 50000 3306 6', 'request'],
    ['UDP', '0 50000 53 17', 'request'],
    ['SCTP', '0 50000 80 132', 'request'],
    ['two service ports', '0 123 53 17', 'unknown'],
    ['two ephemeral ports', '0 50000 50001 6', 'unknown'],
    ['ICMP', '0 0 0 1', 'unknown'],
    ['ICMP with odd ports', '0 443 50000 1', 'unknown'],
    ['port 0 against an ephemeral one', '0 50000 0 17', 'unknown'],
    ['port 0 against a service', '0 0 443 17', 'unknown'],
    ['an absent port', '0 - 443 6', 'unknown'],
    ['an absent protocol', '0 50000 443 -', 'unknown'],
  ])('%s: "%s" is a %s', (_, text, leg) => {
    expect(derived(text, format).leg).toBe(leg);
  });

  test.each([
    ['SYN without ACK', '2 443 50000 6', 'request'],
    ["a client's SYN and all its ACKs", '26 50000 443 6', 'request'],
    ["a server's SYN-ACK and its data", '26 443 50000 6', 'reply'],
    ['SYN and ACK between two service ports', '18 8080 443 6', 'unknown'],
    ['no SYN: the ports decide', '24 443 50000 6', 'reply'],
  ])('of a transit gateway, which reports every ACK: %s: "%s" is a %s', (_, text, leg) => {
    expect(derived(`tgw-1 ${text}`, `tgw-id ${format}`).leg).toBe(leg);
  });

  test('of a transit gateway and an interface in one group, each by its own format', () => {
    const formats = [`tgw-id ${format} flow-direction start`, `${format} flow-direction start`];
    const lines = ['tgw-1 18 8080 443 6 ingress 100', '18 8080 443 6 ingress 100'];
    const batch = parser.parse(inputOf(lines, { formats }), 0, 2, newCounts());
    new Enricher([], ALL).enrich(batch);
    expect([0, 1].map((row) => batch.value('leg', row))).toEqual(['unknown', 'reply']);
    expect([0, 1].map((row) => batch.value('vantage', row))).toEqual(['source', 'destination']);
  });

  test('is told by what the format has', () => {
    expect(derived('50000 443', 'srcport dstport').leg).toBe('request');
    expect(derived('443', 'dstport').leg).toBe('unknown');
    expect(derived('18', 'tcp-flags').leg).toBe('reply');
  });
});

describe('the sides of a connection', () => {
  test('of a request the destination serves', () => {
    expect(ofFlow({ srcport: 50_000, dstport: 22 })).toMatchObject({
      leg: 'request',
      'server-port': 22,
      service: 'ssh',
      'client-addr': '10.0.0.10',
      'server-addr': '10.0.0.20',
    });
  });

  test('of a reply the source serves', () => {
    expect(
      ofFlow({ srcport: 53, dstport: 50_000, protocol: 17, srcaddr: '2001:db8::1' }),
    ).toMatchObject({
      leg: 'reply',
      'server-port': 53,
      service: 'domain',
      'client-addr': '10.0.0.20',
      'server-addr': '2001:db8::1',
    });
  });

  test('of neither, nothing is known', () => {
    const fields = ofFlow({ srcport: 50_000, dstport: 50_001 });
    expect(fields.leg).toBe('unknown');
    for (const name of ['server-port', 'service', 'client-addr', 'server-addr']) {
      expect(fields).not.toHaveProperty(name);
    }
  });

  test('a port without a name has no service', () => {
    const fields = derived('2 50000 50001 6', 'tcp-flags srcport dstport protocol');
    expect(fields['server-port']).toBe(50_001);
    expect(fields).not.toHaveProperty('service');
  });

  test('the side is known without its port or address', () => {
    const fields = derived('2 6', 'tcp-flags protocol');
    expect(fields).toEqual({ leg: 'request' });
  });

  test('nothing of the row before shows', () => {
    const input = inputOf([
      line({ dstport: 22, srcaddr: '::1' }),
      line({ dstport: 60_000, srcaddr: '-' }),
    ]);
    const batch = parser.parse(input, 0, 2, newCounts());
    const enricher = new Enricher([], ALL);
    enricher.enrich(batch);
    expect(batch.value('client-addr', 0)).toBe('::1');
    expect(batch.value('client-addr', 1)).toBeUndefined();
    const again = parser.parse(inputOf([line({ dstport: 60_000 })]), 0, 1, newCounts());
    enricher.enrich(again);
    expect(['client-addr', 'server-port', 'service'].map((name) => again.value(name, 0))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('duration', () => {
  test('is the time from start to end, never negative', () => {
    expect(ofFlow({ start: 100, end: 160 }).duration).toBe(60);
    expect(ofFlow({ start: 100, end: 100 }).duration).toBe(0);
    expect(ofFlow({ start: 100, end: 90 }).duration).toBe(0);
  });

  test('is absent without either', () => {
    expect(derived('- 5', 'start end')).not.toHaveProperty('duration');
    expect(derived('5', 'start')).not.toHaveProperty('duration');
  });
});

describe('vantage', () => {
  test.each([
    ['egress', 'source'],
    ['ingress', 'destination'],
    ['-', undefined],
    ['elsewhere', undefined],
    ['inside', undefined],
  ])('%s: %s', (direction, vantage) => {
    expect(derived(`${direction} 1`, 'flow-direction srcport').vantage).toBe(vantage);
  });

  test.each([
    ['ingress', 'source'],
    ['egress', 'destination'],
    ['-', undefined],
    ['elsewhere', undefined],
  ])('of a transit gateway, %s is at the attachment of the %s', (direction, vantage) => {
    expect(derived(`tgw-1 ${direction} 1`, 'tgw-id flow-direction srcport').vantage).toBe(vantage);
  });
});

test('what no rule needs is not derived', () => {
  const flow = line({ dstport: 22 });
  expect(derived(flow, undefined, new Set())).toEqual({});
  expect(derived(flow, undefined, new Set(['duration']))).toEqual({ duration: 59 });
});
