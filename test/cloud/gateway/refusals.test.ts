import { describe, expect, test } from '@jest/globals';
import type { Call } from './call.ts';
import { checkLimits } from './refusals.ts';

function call(service: string, action: string, input: Record<string, unknown>): Call {
  const url = new URL('http://127.0.0.1/');
  return {
    service,
    action,
    caller: '',
    method: 'POST',
    url,
    headers: {},
    body: Buffer.alloc(0),
    input,
  };
}
const publish = (input: Record<string, unknown>) => () =>
  checkLimits(call('sns', 'Publish', input));
const parameter = (input: Record<string, unknown>) => () =>
  checkLimits(call('ssm', 'PutParameter', input));
const metrics = (MetricData: unknown[]) => () =>
  checkLimits(call('monitoring', 'PutMetricData', { Namespace: 'FlowlogAlerts', MetricData }));

describe('What SNS refuses', () => {
  test('a message above 262,144 bytes, counted in bytes and with its attributes', () => {
    expect(publish({ Message: 'é'.repeat(131_072) })).not.toThrow();
    expect(publish({ Message: 'é'.repeat(131_073) })).toThrow('too long');
    const attributes = {
      'MessageAttributes.entry.1.Name': 'type',
      'MessageAttributes.entry.1.Value.StringValue': 'alert',
    };
    expect(publish({ Message: 'x'.repeat(262_144), ...attributes })).toThrow('too long');
  });

  test('a subject of 100 characters, with a line break, or none at all', () => {
    expect(publish({ Message: 'x', Subject: 'x'.repeat(99) })).not.toThrow();
    for (const Subject of ['x'.repeat(100), 'a\nb', '']) {
      expect(publish({ Message: 'x', Subject })).toThrow('Subject');
    }
  });

  test('a message by protocol without a default, or with anything but text', () => {
    const json = (value: unknown) =>
      publish({ Message: JSON.stringify(value), MessageStructure: 'json' });
    expect(json({ default: 'x', email: 'y' })).not.toThrow();
    expect(json({ email: 'y' })).toThrow('No default');
    expect(json({ default: { a: 1 } })).toThrow('must be strings');
    expect(publish({ Message: '{', MessageStructure: 'json' })).toThrow('failed to parse');
  });
});

describe('What Parameter Store refuses', () => {
  test('a value above 4,096 bytes, or 8,192 in the advanced tier', () => {
    expect(parameter({ Value: 'é'.repeat(2_048) })).not.toThrow();
    expect(parameter({ Value: 'é'.repeat(2_049) })).toThrow('4096');
    expect(parameter({ Value: 'x'.repeat(8_192), Tier: 'Advanced' })).not.toThrow();
    expect(parameter({ Value: 'x'.repeat(8_193), Tier: 'Advanced' })).toThrow('8192');
  });

  test('double braces, though not single ones', () => {
    expect(parameter({ Value: '{srcaddr} reached {dstaddr}' })).not.toThrow();
    expect(parameter({ Value: '{{srcaddr}}' })).toThrow('{{}}');
  });
});

describe('What CloudWatch refuses', () => {
  const datum = { MetricName: 'Alerts', Value: 1 };

  test('more than a thousand metrics in a request, or none', () => {
    expect(metrics(Array(1_000).fill(datum))).not.toThrow();
    expect(metrics(Array(1_001).fill(datum))).toThrow('1 to 1000');
    expect(metrics([])).toThrow('1 to 1000');
  });

  test('values that are no finite numbers, too many of them, and times out of range', () => {
    expect(metrics([{ ...datum, Value: 'NaN' }])).toThrow('invalid');
    expect(metrics([{ MetricName: 'a', Values: Array(151).fill(1) }])).toThrow('150');
    const now = Date.now() / 1_000;
    expect(metrics([{ ...datum, Timestamp: now - 3_600 }])).not.toThrow();
    expect(metrics([{ ...datum, Timestamp: now - 15 * 86_400 }])).toThrow('out of range');
    expect(metrics([{ ...datum, Timestamp: now + 3 * 3_600 }])).toThrow('out of range');
  });
});
