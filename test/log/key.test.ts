import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { batchKey, heartbeatKey, tickKey } from '../../src/log/key.ts';

describe('keys of log entries', () => {
  test('a batch is named by the minute of its latest record, its content and the part', () => {
    expect(batchKey(1_700_000_099, 'abc', 2)).toBe('1700000040#batch#abc#2');
    expect(batchKey(0, 'abc', 0)).toBe('0000000000#batch#abc#0');
  });

  test('an instance has one heartbeat a minute, and the service one tick', () => {
    expect(heartbeatKey(1_700_000_099.9, 'i')).toBe(heartbeatKey(1_700_000_040, 'i'));
    expect(heartbeatKey(1_700_000_100, 'i')).not.toBe(heartbeatKey(1_700_000_099, 'i'));
    expect(heartbeatKey(1_700_000_040, 'i')).not.toBe(heartbeatKey(1_700_000_040, 'j'));
    expect(tickKey(1_700_000_099.9)).toBe(tickKey(1_700_000_040));
    expect(tickKey(1_700_000_100)).not.toBe(tickKey(1_700_000_099));
  });

  test('kinds never meet: a batch, a heartbeat and a tick of one minute have three keys', () => {
    const keys = [batchKey(60, 'x', 0), heartbeatKey(60, 'x'), tickKey(60)];
    expect(new Set(keys).size).toBe(3);
  });

  test('the order of keys is the order of minutes', () => {
    const time = fc.nat(9_999_999_999);
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [first, second] = [batchKey(a, 'f', 9), tickKey(b)];
        if (Math.floor(a / 60) < Math.floor(b / 60)) expect(first < second).toBe(true);
        if (Math.floor(a / 60) > Math.floor(b / 60)) expect(first > second).toBe(true);
      }),
    );
  });
});
