import { describe, expect, test } from '@jest/globals';
import { type MessageParts, renderMessage } from '../../src/alerts/message.ts';

const rule = {
  id: 'ssh-from-internet',
  title: 'SSH accepted from the internet',
  severity: 'high',
  detect: { kind: 'every' },
} as const;
const parts: MessageParts = {
  rule,
  group: { dstaddr: '10.0.0.5', dstport: 22 },
  sample: { srcaddr: '198.51.100.7', dstaddr: '10.0.0.6', dstport: 22, protocol: 6, bytes: 1_500 },
  value: 3,
  threshold: 0,
};
const withMessage = (message: string, more: Partial<MessageParts['rule']> = {}): MessageParts => ({
  ...parts,
  rule: { ...rule, ...more, message },
});

describe('a template', () => {
  test('takes the group’s values first and the sample’s second', () => {
    expect(renderMessage(withMessage('{srcaddr} reached {dstaddr}:{dstport} ({service})'))).toBe(
      '198.51.100.7 reached 10.0.0.5:22 (ssh)',
    );
  });

  test('prints a dash for what neither has', () => {
    expect(renderMessage(withMessage('{vpc-id}, {interface-id}'))).toBe('-, -');
  });

  test('nor does every object’s own machinery pass for a field', () => {
    expect(renderMessage(withMessage('{constructor}'))).toBe('-');
  });

  test('a service the record names wins over the one looked up', () => {
    const named = { ...withMessage('{service}'), sample: { ...parts.sample, service: 'custom' } };
    expect(renderMessage(named)).toBe('custom');
  });

  test('knows the rule, the group and the numbers', () => {
    const message =
      '{severity} {rule} "{title}" {group}: {value} > {threshold} of {count} in {window}';
    const counted = {
      ...withMessage(message, { detect: { kind: 'count', above: 1_000 }, window: 300 }),
      value: 1_200,
      threshold: 1_000,
      count: 1_201,
    };
    expect(renderMessage(counted)).toBe(
      'high ssh-from-internet "SSH accepted from the internet" 10.0.0.5:22 (ssh): 1,200 > 1,000 of 1,201 in 5 minutes',
    );
  });

  test('sums of bytes carry a unit, sums of packets do not', () => {
    const sum = (field: string): string =>
      renderMessage({
        ...withMessage('{value} over {threshold}', { detect: { kind: 'sum', field, above: 1e9 } }),
        value: 1.25e9,
        threshold: 1e9,
      });
    expect(sum('bytes')).toBe('1.3 GB over 1 GB');
    expect(sum('packets')).toBe('1,250,000,000 over 1,000,000,000');
  });

  test('protocols are named and amounts have units', () => {
    expect(renderMessage(withMessage('{protocol} {bytes}'))).toBe('tcp 1.5 kB');
  });

  test('a value cannot break the line or open a placeholder', () => {
    const hostile = {
      ...withMessage('tag {instance-tag} end'),
      sample: { 'instance-tag': 'x\n\u001b[31m|{title}' },
    };
    expect(renderMessage(hostile)).toBe('tag x??[31m?{title} end');
  });

  test('folded YAML leaves one line', () => {
    expect(renderMessage(withMessage('{dstaddr} was\n  reached\n'))).toBe('10.0.0.5 was reached');
  });
});

describe('without a template', () => {
  test('a rule without window names whom it saw', () => {
    expect(renderMessage(parts)).toBe('SSH accepted from the internet: 10.0.0.5:22 (ssh)');
  });

  test('a count names records, window and threshold', () => {
    const counted = {
      ...parts,
      rule: { ...rule, detect: { kind: 'count', above: 100 }, window: 300 } as const,
      value: 120,
      threshold: 100,
    };
    expect(renderMessage(counted)).toBe(
      'SSH accepted from the internet: 10.0.0.5:22 (ssh), 120 records in 5 minutes (threshold 100)',
    );
  });

  test('a rule without groups has no name to put before its sum', () => {
    const summed = {
      ...parts,
      rule: {
        ...rule,
        detect: { kind: 'sum', field: 'bytes', above: 5e8 },
        window: 3_600,
      } as const,
      group: {},
      value: 6e8,
      threshold: 5e8,
    };
    expect(renderMessage(summed)).toBe(
      'SSH accepted from the internet: 600 MB in 1 hour (threshold 500 MB)',
    );
  });
});
