import { describe, expect, test } from '@jest/globals';
import { type MessageParts, renderMessage } from '../../src/alerts/message.ts';
import type { CompiledRule } from '../../src/rules/compiled.ts';

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

  test('leaves out brackets around what neither has, and keeps others', () => {
    expect(renderMessage(withMessage('at {dstport} ({vpc-id}), ({service}) - {vpc-id}'))).toBe(
      'at 22, (ssh) - -',
    );
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

describe('each kind says what it decided on', () => {
  const group = { srcaddr: '10.0.0.5' };
  const told = (
    detect: CompiledRule['detect'],
    numbers: Pick<MessageParts, 'value' | 'threshold'>,
    more: Partial<MessageParts['rule']> = {},
  ) =>
    renderMessage({
      ...parts,
      ...numbers,
      rule: { ...rule, title: 'T', detect, ...more },
      group,
      count: 480,
    });
  const hour = { window: 3_600 };
  const match = { all: [] };

  test.each<[string, CompiledRule['detect'], number, number]>([
    ['120 records in 1 hour (threshold 100)', { kind: 'count', above: 100 }, 120, 100],
    [
      'more than 100 distinct connections in 1 hour',
      { kind: 'count', above: 100, of: 'connections' },
      101,
      100,
    ],
    [
      'more than 25 distinct dstaddr, dstport in 1 hour',
      { kind: 'distinct', fields: ['dstaddr', 'dstport'], above: 25 },
      26,
      25,
    ],
    [
      '62.5% of 480 records in 1 hour (threshold 50%)',
      { kind: 'ratio', of: match, above: 0.5, min: 100 },
      0.625,
      0.5,
    ],
    [
      '900 records in 1 hour (threshold 437.5)',
      { kind: 'spike', factor: 5, min: 100, baseline: 86_400 },
      900,
      437.5,
    ],
    [
      '9 GB in 1 hour (threshold 4 GB)',
      { kind: 'spike', field: 'bytes', factor: 5, min: 100, baseline: 86_400 },
      9e9,
      4e9,
    ],
    [
      '12 regular connections in 1 hour (threshold 8)',
      { kind: 'beacon', min: 8, jitter: 0.1 },
      12,
      8,
    ],
    ['1 unanswered connection in 1 hour (threshold 1)', { kind: 'unanswered', min: 1 }, 1, 1],
    ['both steps in 1 hour', { kind: 'sequence', steps: [{ rule: 'a' }, { rule: 'b' }] }, 2, 1],
    [
      'all 3 steps in 1 hour',
      { kind: 'sequence', steps: [{ rule: 'a' }, { rule: 'b' }, { rule: 'c' }] },
      3,
      2,
    ],
    [
      '3.4% of the records skipped by AWS in 1 hour (threshold 1%)',
      { kind: 'visibility', of: 'skipped', above: 0.01, min: 100 },
      0.034,
      0.01,
    ],
    [
      '20% of the lines unreadable in 1 hour',
      { kind: 'visibility', of: 'malformed', above: 0, min: 100 },
      0.2,
      0,
    ],
  ])('%s', (words, detect, value, threshold) => {
    expect(told(detect, { value, threshold }, hour)).toBe(`T: 10.0.0.5, ${words}`);
  });

  test('what is new and what is silent has no window', () => {
    const fresh = { kind: 'new', fields: ['srcaddr'], learn: 604_800, forget: 2_592_000 } as const;
    expect(told(fresh, { value: 3, threshold: 0 })).toBe('T: 10.0.0.5, not seen in 30 days');
    const absent = { kind: 'absent', for: 900, seen: 3 } as const;
    expect(told(absent, { value: 1_200, threshold: 900 })).toBe(
      'T: 10.0.0.5, no record for 20 minutes (threshold 15 minutes)',
    );
  });

  test('templates get numbers with the unit they need', () => {
    const template = { ...hour, message: '{value} / {threshold} / {count}' };
    const distinct = { kind: 'distinct', fields: ['dstport'], above: 25 } as const;
    expect(told(distinct, { value: 26, threshold: 25 }, template)).toBe('more than 25 / 25 / 480');
    expect(told(distinct, { value: 25, threshold: 25 }, template)).toBe('25 / 25 / 480');
    const ratio = { kind: 'ratio', of: match, above: 0.5, min: 100 } as const;
    expect(told(ratio, { value: 0.625, threshold: 0.5 }, template)).toBe('62.5% / 50% / 480');
    const absent = { kind: 'absent', for: 900, seen: 3 } as const;
    expect(told(absent, { value: 1_200, threshold: 900 }, template)).toBe(
      '20 minutes / 15 minutes / 480',
    );
  });

  test('a source that is silent is said to be, whatever the template of its groups', () => {
    const silent = {
      ...parts,
      rule: {
        ...rule,
        title: 'Backups have stopped',
        detect: { kind: 'absent', for: 900, seen: 3 } as const,
        message: '{srcaddr} is silent',
      },
      value: 1_200,
      threshold: 900,
    };
    expect(renderMessage({ ...silent, group: { logGroup: '/vpc/flow-logs' } })).toBe(
      'No record at all from log group /vpc/flow-logs for 20 minutes: "Backups have stopped" cannot be judged',
    );
    expect(renderMessage({ ...silent, group })).toBe('10.0.0.5 is silent');
  });
});
