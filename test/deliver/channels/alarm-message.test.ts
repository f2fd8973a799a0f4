import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderEmail } from '../../../src/alerts/email.ts';
import { alertOfAlarm } from '../../../src/deliver/alarm-message.ts';
import { aComposite, anAlarm, anAnomaly } from './alarms.ts';
import { CHANNELS, CONTEXT, sent } from './contexts.ts';

const alertOf = (message: unknown, rules?: Parameters<typeof alertOfAlarm>[2]) =>
  alertOfAlarm(JSON.stringify(message), CONTEXT, rules);

describe("an alarm's message", () => {
  test('of the service itself is a service alert in the words of its description', () => {
    expect(alertOf(anAlarm())).toMatchObject({
      version: 1,
      type: 'service',
      status: 'firing',
      stage: 'prod',
      rule: {
        id: 'reduce-behind',
        title: expect.stringMatching(/^Digests wait/),
        severity: 'high',
      },
      message: expect.stringMatching(/^Digests wait/),
      firstSeen: '2026-11-23T10:35:31.123Z',
      seq: Date.parse('2026-11-23T10:35:31.123Z'),
      sources: [{ account: '123456789012', region: 'eu-west-1' }],
      links: {
        console:
          'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/flowlog-alerts$252Fprod$252Fservice$252Freduce-behind',
      },
      context: {
        alarm: {
          state: 'ALARM',
          metric:
            'AWS/Lambda IteratorAge (FunctionName flowlog-alerts-prod-reduce), MAXIMUM in 1 minute',
          reason: expect.stringContaining('900000.0'),
        },
      },
    });
  });

  test('of a rule speaks in the name of the rule, and goes where the rule goes', () => {
    const message = anAlarm({ AlarmName: 'flowlog-alerts/prod/rule/ssh-from-internet' });
    const rule = {
      id: 'ssh-from-internet',
      title: 'SSH accepted from the internet',
      severity: 'critical',
      tags: ['attack.t1021.004'],
      runbook: 'https://example.com/ssh',
      references: [],
      to: ['secops'],
    } as const;
    expect(alertOf(message, new Map([[rule.id, rule]]))).toMatchObject({
      type: 'alert',
      rule: { id: 'ssh-from-internet', severity: 'critical', runbook: 'https://example.com/ssh' },
      message: 'SSH accepted from the internet: metric alarm',
      to: ['secops'],
    });
    // A rule that is gone leaves an alarm behind for a minute.
    expect(alertOf(message)).toMatchObject({
      type: 'alert',
      rule: { severity: 'high' },
      to: ['default'],
    });
  });

  test('of all rules of a severity has that severity', () => {
    const AlarmName = 'flowlog-alerts/prod/severity/critical';
    expect(alertOf(anAlarm({ AlarmName }))).toMatchObject({
      type: 'alert',
      rule: { id: 'severity/critical', severity: 'critical' },
    });
  });

  test.each([
    ['flowlog-alerts/prod/severity/dreadful', 'no severity'],
    ['flowlog-alerts/dev/rule/x', 'another stage'],
    ['flowlog-alerts/prod', 'no kind'],
    ['cpu-too-high', "somebody's own"],
  ])('called %s (%s) is a service alert under its whole name', (AlarmName) => {
    expect(alertOf(anAlarm({ AlarmName }))).toMatchObject({
      type: 'service',
      rule: { id: AlarmName },
    });
  });

  test('keeps its id from ALARM to OK, and each transition has its own seq', () => {
    const on = alertOf(anAlarm());
    const off = alertOf(
      anAlarm({
        NewStateValue: 'OK',
        OldStateValue: 'ALARM',
        StateChangeTime: '2026-11-23T10:50:31.123+0000',
      }),
    );
    expect(off).toMatchObject({ status: 'resolved', id: on?.id });
    expect(off?.seq).toBeGreaterThan(on?.seq ?? 0);
    expect(alertOf(anAlarm())).toEqual(on);
    const other = alertOf(
      anAlarm({ AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:x' }),
    );
    expect(other?.id).not.toBe(on?.id);
    expect(alertOf(anAlarm({ NewStateValue: 'INSUFFICIENT_DATA' }))?.status).toBe('updated');
  });

  test('opens and closes one PagerDuty incident', () => {
    const [on, off] = ['ALARM', 'OK'].map((NewStateValue) =>
      sent(alertOf(anAlarm({ NewStateValue }))!, CHANNELS.pagerduty),
    );
    expect(on).toMatchObject({ event_action: 'trigger', payload: { severity: 'error' } });
    expect(off).toMatchObject({ event_action: 'resolve', dedup_key: on.dedup_key });
  });

  test('reads in a mail as what it is, with the numbers', () => {
    expect(
      renderEmail(alertOf(anAlarm())!),
    ).toBe(`[SERVICE] Digests wait for more than ten minutes: alerts are late, and after a day they are lost.

Seen: 2026-11-23 10:35:31 UTC
Reason: Threshold Crossed: 3 out of the last 3 datapoints [900000.0 (23/11/26 10:31:00)] were greater than the threshold (600000.0) (minimum 3 datapoints for OK -> ALARM transition).
Metric: AWS/Lambda IteratorAge (FunctionName flowlog-alerts-prod-reduce), MAXIMUM in 1 minute
About: See docs/operations.md, "reduce-behind".

Alarm: https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/flowlog-alerts$252Fprod$252Fservice$252Freduce-behind

stage prod, account 123456789012, eu-west-1
rule reduce-behind, alert alarm-05428d5d35ee17a70866
`);
    const over = renderEmail(
      alertOf(anAlarm({ NewStateValue: 'OK', NewStateReason: 'It fell.' }))!,
    );
    expect(over).toMatch(
      /^\[SERVICE, RESOLVED\] Digests wait.*\nBack to OK since 2026-11-23 10:35:31 UTC: It fell\.\n/,
    );
    const lost = renderEmail(alertOf(anAlarm({ NewStateValue: 'INSUFFICIENT_DATA' }))!);
    expect(lost).toMatch(/^\[SERVICE, NO DATA\] .*\nThe alarm has no data to judge by\.\n/);
  });

  test('of a band names the metric and the band', () => {
    expect(alertOf(anAnomaly())?.context).toMatchObject({
      alarm: {
        metric:
          'FlowlogAlerts Matches (Stage prod, Rule egress), Sum in 5 minutes; ANOMALY_DETECTION_BAND(m1, 3)',
      },
    });
  });

  test('of other alarms names those that went off', () => {
    expect(alertOf(aComposite())?.context).toMatchObject({
      alarm: { rule: 'ALARM("a") OR ALARM("b")', children: 'a, flowlog-alerts/prod/service/b' },
    });
  });

  test('a runbook in the description is the alert\u2019s', () => {
    const alert = alertOf(
      anAlarm({ AlarmDescription: 'It is late. See https://example.com/ops#late.' }),
    );
    expect(alert?.rule).toMatchObject({
      title: 'It is late.',
      runbook: 'https://example.com/ops#late',
    });
  });

  test.each([
    ['no JSON', 'ALARM!'],
    ['a list', '[]'],
    ['an alert of ours', JSON.stringify({ version: 1, type: 'alert' })],
    ['a state that is none', JSON.stringify(anAlarm({ NewStateValue: 'FINE' }))],
    ['no time', JSON.stringify(anAlarm({ StateChangeTime: 'noon' }))],
    ['no name', JSON.stringify(anAlarm({ AlarmName: '' }))],
  ])('%s is no alarm', (_, text) => {
    expect(alertOfAlarm(text, CONTEXT)).toBe(undefined);
  });

  test('fields that CloudWatch adds, or that have another type, change nothing', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(anAlarm()), 'New'), fc.jsonValue()),
        (odd) => {
          const { AlarmName, NewStateValue, StateChangeTime } = anAlarm();
          const alert = alertOf({
            ...anAlarm(),
            ...odd,
            AlarmName,
            NewStateValue,
            StateChangeTime,
          });
          expect(alert).toMatchObject({ status: 'firing', rule: { id: 'reduce-behind' } });
          for (const channel of Object.values(CHANNELS)) sent(alert!, channel);
        },
      ),
    );
  });
});
