import { describe, expect, test } from '@jest/globals';
import { groupText, recordLine } from '../../src/alerts/flow-text.ts';

const record = {
  start: 1_795_429_862,
  action: 'REJECT',
  protocol: 6,
  srcaddr: '198.51.100.7',
  srcport: 51_515,
  dstaddr: '10.0.0.5',
  dstport: 22,
  packets: 3,
  bytes: 120,
};

describe('a record on one line', () => {
  test('reads as a flow with its service', () => {
    expect(recordLine(record)).toBe(
      '10:31:02 REJECT tcp 198.51.100.7:51515 -> 10.0.0.5:22 (ssh) 3 packets 120 B',
    );
  });

  test('milliseconds are told from seconds', () => {
    expect(recordLine({ ...record, start: 1_795_429_862_000 })).toContain('10:31:02 ');
  });

  test.each([-8.64e12 * 1_000, 1e300, Number.NaN])(
    'a start of %d is no time and is left out',
    (start) => {
      expect(recordLine({ ...record, start })).toMatch(/^REJECT tcp/);
    },
  );

  test('IPv6 addresses stand in brackets before a port', () => {
    expect(recordLine({ ...record, srcaddr: '2001:db8::1', dstaddr: 'fd00::5' })).toContain(
      '[2001:db8::1]:51515 -> [fd00::5]:22 (ssh)',
    );
  });

  test('ICMP has no ports, and IPv6 then no brackets', () => {
    const ping = { ...record, protocol: 1, srcport: 0, dstport: 0 };
    expect(recordLine(ping)).toContain(' icmp 198.51.100.7 -> 10.0.0.5 3 packets');
    expect(recordLine({ ...ping, srcaddr: '2001:db8::1' })).toContain(' 2001:db8::1 -> ');
  });

  test('a service is that of the protocol: Redis is registered for TCP alone', () => {
    expect(recordLine({ ...record, protocol: 17, dstport: 6_379 })).not.toContain('redis');
    expect(recordLine({ ...record, dstport: 6_379 })).toContain('(redis)');
  });

  test('one packet is one packet', () => {
    expect(recordLine({ ...record, packets: 1 })).toContain(' 1 packet 120 B');
  });

  test('absent fields leave no hole', () => {
    expect(recordLine({ srcaddr: '10.0.0.1', dstaddr: '10.0.0.2' })).toBe('10.0.0.1 -> 10.0.0.2');
  });

  test('a hostile string cannot break the line', () => {
    expect(recordLine({ ...record, action: 'X\n\u001b[2J|' })).toContain(' X??[2J? tcp ');
  });

  test('a start that is no time is left out', () => {
    expect(recordLine({ ...record, start: 1e300 })).toMatch(/^REJECT tcp /);
  });
});

describe('a group', () => {
  test.each([
    [{}, ''],
    [{ srcaddr: '198.51.100.7' }, '198.51.100.7'],
    [{ dstaddr: '10.0.0.5', dstport: 22 }, '10.0.0.5:22 (ssh)'],
    [{ srcaddr: '198.51.100.7', dstaddr: '10.0.0.5' }, '198.51.100.7 -> 10.0.0.5'],
    [
      { dstport: 443, srcaddr: '198.51.100.7', dstaddr: '10.0.0.5', protocol: 17 },
      '198.51.100.7 -> 10.0.0.5:443 (https) udp',
    ],
    [
      { 'client-addr': '10.0.0.9', 'server-addr': '2001:db8::1', 'server-port': 8_123 },
      '10.0.0.9 -> [2001:db8::1]:8123',
    ],
    [{ srcaddr: '10.0.0.9', dstport: 25 }, '10.0.0.9 port 25 (smtp)'],
    [{ srcaddr: '10.0.0.9', 'vpc-id': 'vpc-1' }, '10.0.0.9, vpc-id vpc-1'],
    [{ 'interface-id': 'eni-1', service: 'ssh' }, 'service ssh, interface-id eni-1'],
  ])('%j reads %s', (group, text) => {
    expect(groupText(group)).toBe(text);
  });
});
