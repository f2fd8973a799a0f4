import { describe, expect, test } from '@jest/globals';
import { type CompositeAlarm, isComposite, type MetricAlarm } from '../../src/alarms/definition.ts';
import { desiredAlarms } from '../../src/alarms/desired.ts';
import { alarmed } from './rules.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alerts';
const OPTIONS = { stage: 'prod', actions: [TOPIC], composite: false };

const only = (rule: Parameters<typeof desiredAlarms>[0][number]) =>
  desiredAlarms([rule], OPTIONS)[0] as MetricAlarm;

describe('the alarm of a rule', () => {
  test('with a threshold watches Matches of the rule, and tells the topic both ways', () => {
    expect(only(alarmed('ssh'))).toEqual({
      AlarmName: 'flowlog-alerts/prod/rule/ssh',
      AlarmDescription: expect.any(String),
      ActionsEnabled: true,
      AlarmActions: [TOPIC],
      OKActions: [TOPIC],
      Namespace: 'FlowlogAlerts',
      MetricName: 'Matches',
      Dimensions: [
        { Name: 'Stage', Value: 'prod' },
        { Name: 'Rule', Value: 'ssh' },
      ],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      TreatMissingData: 'notBreaching',
    });
  });

  test('with a band has no threshold, but the edge of what is usual', () => {
    const alarm = only(
      alarmed('ssh', {
        alarm: { band: 2.5, period: 300, periods: 2, of: 3 },
        metric: { name: 'Bytes', value: { sum: 'bytes' } },
      }),
    );
    expect(alarm).not.toHaveProperty('Threshold');
    expect(alarm).not.toHaveProperty('Statistic');
    expect(alarm).not.toHaveProperty('MetricName');
    expect(alarm).toMatchObject({
      ComparisonOperator: 'GreaterThanUpperThreshold',
      ThresholdMetricId: 'ad1',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Metrics: [
        {
          Id: 'm1',
          MetricStat: { Metric: { MetricName: 'Bytes' }, Period: 300, Stat: 'Sum' },
          ReturnData: true,
        },
        { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(m1, 2.5)', ReturnData: true },
      ],
    });
  });

  test.each([
    [{ name: 'Seen', value: 'count' } as const, 'Sum'],
    [{ name: 'Bytes', value: { sum: 'bytes' } } as const, 'Sum'],
    // A greatest value is published each minute; two of them do not add up to anything.
    [{ name: 'Peak', value: 'value' } as const, 'Maximum'],
  ])('on the metric %j looks at its %s', (metric, statistic) => {
    expect(only(alarmed('a', { metric }))).toMatchObject({
      MetricName: metric.name,
      Statistic: statistic,
    });
  });

  test.each(['shadow', 'signal'] as const)('of a rule in mode %s tells nobody', (mode) => {
    expect(only(alarmed('a', { mode })).ActionsEnabled).toBe(false);
  });

  test('a rule without an alarm has none', () => {
    expect(desiredAlarms([alarmed('a', { alarm: false })], OPTIONS)).toEqual([]);
  });
});

describe('what an alarm says of itself', () => {
  const text = (more: Parameters<typeof alarmed>[1]) => only(alarmed('ssh', more)).AlarmDescription;

  test('is what it is about, when it goes on, what to do and where it comes from', () => {
    expect(
      text({
        title: 'SSH from the internet',
        severity: 'high',
        description: 'Somebody may be guessing passwords.',
        runbook: 'https://example.org/ssh',
        alarm: { above: 100, period: 300, periods: 2, of: 3 },
      }),
    ).toBe(
      [
        'SSH from the internet (high). Goes on at more than 100 matching records in each of 2 periods of 5 minutes, of 3 in a row.',
        'Somebody may be guessing passwords.',
        'What to do: https://example.org/ssh',
        'Made from the rule ssh: change the rule, not the alarm.',
      ].join('\n'),
    );
  });

  test('names a command where the rule has no runbook', () => {
    expect(text({})).toContain(
      'What to do: flowlog-alerts alerts --stage prod --rule ssh shows what it found.',
    );
  });

  test('stays within 1,024 characters, and keeps what to do', () => {
    const long = text({
      title: 't'.repeat(200),
      description: 'd'.repeat(4_000),
      runbook: `https://example.org/${'r'.repeat(400)}`,
    }) as string;
    expect(long.length).toBeLessThanOrEqual(1_024);
    expect(long).toContain(`What to do: https://example.org/${'r'.repeat(400)}\n`);
    expect(long).toContain('d...\n');
    const endless = text({ runbook: `https://example.org/${'r'.repeat(4_000)}` }) as string;
    expect(endless.length).toBeLessThanOrEqual(1_024);
    expect(endless).toContain('What to do: flowlog-alerts alerts');
  });

  test('holds no steering characters of a hostile title', () => {
    expect(text({ title: 'a\u202eb\nc' })).toMatch(/^a\?b c \(medium\)/);
  });
});

describe('alarms of severities', () => {
  const composite = { ...OPTIONS, composite: true };

  test('tell in place of those of the rules, live ones alone', () => {
    const alarms = desiredAlarms(
      [
        alarmed('a', { severity: 'high' }),
        alarmed('b', { severity: 'high' }),
        alarmed('c', { severity: 'high', mode: 'shadow' }),
        alarmed('d', { severity: 'low' }),
      ],
      composite,
    );
    const [rules, severities] = [alarms.slice(0, 4), alarms.slice(4)];
    expect(rules.map(({ ActionsEnabled }) => ActionsEnabled)).toEqual([false, false, false, false]);
    expect(severities).toEqual([
      expect.objectContaining({
        AlarmName: 'flowlog-alerts/prod/severity/low',
        AlarmRule: 'ALARM("flowlog-alerts/prod/rule/d")',
      }),
      expect.objectContaining({
        AlarmName: 'flowlog-alerts/prod/severity/high',
        AlarmRule: 'ALARM("flowlog-alerts/prod/rule/a") OR ALARM("flowlog-alerts/prod/rule/b")',
        ActionsEnabled: true,
        AlarmActions: [TOPIC],
        OKActions: [TOPIC],
      }),
    ]);
  });

  test('are several where one cannot hold them all: 100 alarms or 10,240 characters', () => {
    const many = (count: number, id: (i: number) => string, stage = 'prod') =>
      desiredAlarms(
        Array.from({ length: count }, (_, i) => alarmed(id(i))),
        { ...composite, stage },
      ).filter(isComposite) as CompositeAlarm[];
    const short = many(101, (i) => `r${i}`);
    expect(short.map(({ AlarmName }) => AlarmName)).toEqual([
      'flowlog-alerts/prod/severity/medium',
      'flowlog-alerts/prod/severity/medium-2',
    ]);
    expect(short[0]?.AlarmRule.split(' OR ')).toHaveLength(100);
    const long = many(100, (i) => `${'x'.repeat(60)}${i}`, 's'.repeat(24));
    expect(long).toHaveLength(2);
    for (const { AlarmRule } of long) expect(AlarmRule.length).toBeLessThanOrEqual(10_240);
    const named = long.flatMap(({ AlarmRule }) => AlarmRule.split(' OR '));
    expect(new Set(named).size).toBe(100);
  });
});
