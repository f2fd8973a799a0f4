import { describe, expect, test } from '@jest/globals';
import { DEFAULT_FORMAT } from '../../src/records/layout.ts';
import { recordOfLine, serviceOfRecord } from '../../src/records/record-map.ts';

describe('a line as field names and values', () => {
  test('numbers are numbers, text is text, absent fields are left out', () => {
    const line = '2 123456789012 eni-1 10.0.0.1 - 1 22 6 3 180 1700000000 1700000059 ACCEPT OK';
    expect(recordOfLine(DEFAULT_FORMAT, line)).toEqual({
      version: 2,
      'account-id': '123456789012',
      'interface-id': 'eni-1',
      srcaddr: '10.0.0.1',
      srcport: 1,
      dstport: 22,
      protocol: 6,
      packets: 3,
      bytes: 180,
      start: 1_700_000_000,
      end: 1_700_000_059,
      action: 'ACCEPT',
      'log-status': 'OK',
    });
  });

  test('milliseconds become seconds, seconds stay', () => {
    const record = recordOfLine('start end', '1700000000999 1700000001');
    expect(record).toEqual({ start: 1_700_000_000, end: 1_700_000_001 });
  });

  test('addresses print as RFC 5952', () => {
    const record = recordOfLine('srcaddr dstaddr', '2001:DB8:0:0::1 ::ffff:a00:1');
    expect(record).toEqual({ srcaddr: '2001:db8::1', dstaddr: '::ffff:10.0.0.1' });
  });

  test('fields are split at blanks and control characters alone, as the parser does', () => {
    const record = recordOfLine('instance-tag srcport', ' a\u00a0b\u3000c \t 7\r');
    expect(record).toEqual({ 'instance-tag': 'a\u00a0b\u3000c', srcport: 7 });
  });

  test('a field that the format names beyond the line is left out', () => {
    expect(recordOfLine('srcport dstport', '1')).toEqual({ srcport: 1 });
  });
});

describe('the service of a record', () => {
  test.each([
    [{ dstport: 22, protocol: 6 }, 'ssh'],
    [{ 'server-port': 443, dstport: 50_000, protocol: 6 }, 'https'],
    [{ dstport: 22, protocol: 1 }, undefined],
    [{ dstport: 22 }, undefined],
    [{ protocol: 6 }, undefined],
  ])('%j is %s', (record, service) => {
    expect(serviceOfRecord(record)).toBe(service);
  });
});
