import { describe, expect, test } from '@jest/globals';
import { render } from '../../../src/deliver/channels/render.ts';
import { SEVERITIES } from '../../../src/rules/compiled.ts';
import { anAlert } from '../../alerts/an-alert.ts';
import { aFullAlert, anOver, CHANNELS, CONTEXT, sent } from './contexts.ts';

const KEY = '123456789012/eu-west-1/prod/ABCDEFGHIJKLMNOPQRSTUVWXYZ';

describe('a PagerDuty event', () => {
  test('a new alert triggers an incident that names what, whom and how bad', () => {
    expect(sent(aFullAlert(), CHANNELS.pagerduty)).toMatchObject({
      routing_key: CHANNELS.pagerduty.routingKey,
      event_action: 'trigger',
      dedup_key: KEY,
      client: 'flowlog-alerts',
      payload: {
        summary: '[HIGH] 198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes',
        source: '10.0.0.5',
        severity: 'error',
        timestamp: '2026-11-23T10:35:41Z',
        class: 'port-probing',
        group: 'prod',
        custom_details: {
          Who: '198.51.100.7 -> 10.0.0.5',
          Rule: 'port-probing: Port probing from the internet',
          Silence: expect.stringContaining('--match rule=port-probing'),
        },
      },
      links: [{ text: 'Runbook' }, { text: 'Logs Insights' }],
    });
  });

  test.each(['updated', 'firing'] as const)(
    'a later message, %s, triggers under the same key',
    (status) => {
      const event = sent(aFullAlert({ status, seq: 3 }), CHANNELS.pagerduty);
      expect(event).toMatchObject({ event_action: 'trigger', dedup_key: KEY });
    },
  );

  test('what is over resolves its incident, and says no more', () => {
    expect(sent(anOver(), CHANNELS.pagerduty)).toEqual({
      routing_key: CHANNELS.pagerduty.routingKey,
      event_action: 'resolve',
      dedup_key: KEY,
    });
  });

  test('a summary opens no incident, since no message would ever close it', () => {
    const summary = anAlert({ type: 'summary', group: {}, id: 'STORM' });
    expect(render(summary, CHANNELS.pagerduty, CONTEXT)).toMatchObject({ via: 'nothing' });
  });

  test('severities are those PagerDuty knows', () => {
    const rule = anAlert().rule;
    const found = SEVERITIES.map((severity) => {
      const event = sent(anAlert({ rule: { ...rule, severity } }), CHANNELS.pagerduty);
      return `${severity}: ${(event.payload as { severity: string }).severity}`;
    });
    expect(found.sort()).toEqual([
      'critical: critical',
      'high: error',
      'info: info',
      'low: warning',
      'medium: warning',
    ]);
  });

  test('goes to the region of the account', () => {
    const urls = ([undefined, 'us', 'eu'] as const).map((region) => {
      const channel = { ...CHANNELS.pagerduty, ...(region && { region }) };
      const outgoing = render(anAlert(), channel, CONTEXT);
      return outgoing.via === 'http' ? outgoing.url : outgoing.via;
    });
    expect(urls).toEqual([
      'https://events.pagerduty.com/v2/enqueue',
      'https://events.pagerduty.com/v2/enqueue',
      'https://events.eu.pagerduty.com/v2/enqueue',
    ]);
  });

  test('an alarm that lost its data neither opens nor closes an incident', () => {
    const alarm = anAlert({
      status: 'updated',
      context: { alarm: { state: 'INSUFFICIENT_DATA' } },
    });
    expect(render(alarm, CHANNELS.pagerduty, CONTEXT)).toMatchObject({ via: 'nothing' });
    expect(render(anAlert({ status: 'updated' }), CHANNELS.pagerduty, CONTEXT).via).toBe('http');
  });

  test('a key longer than PagerDuty takes is hashed, the same for each message', () => {
    const id = 'x'.repeat(300);
    const keys = [anAlert({ id }), anOver({ id })].map(
      (alert) => sent(alert, CHANNELS.pagerduty).dedup_key,
    );
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[0]);
  });
});
