import { describe, expect, test } from '@jest/globals';
import { renderEmail } from '../../src/alerts/email.ts';
import { alertLinks } from '../../src/alerts/links.ts';
import { renderSms } from '../../src/alerts/sms.ts';
import { anAlert } from './an-alert.ts';

describe('the mail of an alert', () => {
  test('says what happened, who, how much, when, and what to do, in this order', () => {
    expect(
      renderEmail(anAlert()),
    ).toBe(`[HIGH] 198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes
Port probing from the internet

Who: 198.51.100.7 -> 10.0.0.5
Value: 120 records in 5 minutes, threshold 100, 4.8 kB in 120 packets
Seen: 2026-11-23 10:31:02 to 10:35:41 UTC
Top dstport: 22 (20), 3389 (18), 445 (12), +1 more

10:31:02 REJECT tcp 198.51.100.7:51515 -> 10.0.0.5:22 (ssh) 3 packets 120 B
10:31:03 REJECT tcp 198.51.100.7:51516 -> 10.0.0.5:3389 (ms-wbt-server) 1 packet 40 B

Runbook: https://example.com/runbook#port-probing

Silence it for two hours:
npx flowlog-alerts silence add --stage prod --match rule=port-probing --match srcaddr=198.51.100.7 --match dstaddr=10.0.0.5 --for 2h --reason 'alert ABCDEFGHIJKLMNOPQRSTUVWXYZ'

stage prod, account 123456789012, eu-west-1, /vpc/flow-logs
rule port-probing, alert ABCDEFGHIJKLMNOPQRSTUVWXYZ
`);
  });

  test('stays under 2,000 characters with its Insights link', () => {
    const alert = anAlert();
    const mail = renderEmail({ ...alert, links: alertLinks(alert) });
    expect(mail).toContain('Flows: https://eu-west-1.console.aws.amazon.com/');
    expect(mail.length).toBeLessThan(2_000);
  });

  test('a rule without threshold speaks of none', () => {
    const mail = renderEmail(anAlert({ value: 2, threshold: 0 }));
    expect(mail).toContain('\nValue: 2 records, 4.8 kB in 120 packets\n');
    expect(mail).not.toContain('threshold');
  });

  test('bytes against bytes read as bytes, without saying so twice', () => {
    const mail = renderEmail(anAlert({ value: 1.2e9, threshold: 1e9, measure: 'bytes' }));
    expect(mail).toContain('\nValue: 1.2 GB in 5 minutes, threshold 1 GB\n');
  });

  test('without a measure the evidence tells what was counted, if only one total fits', () => {
    const { measure: _, ...rest } = anAlert({ value: 4_800, threshold: 1_000 });
    expect(renderEmail(rest)).toContain('Value: 4.8 kB in 5 minutes, threshold 1 kB\n');
    expect(renderEmail({ ...rest, value: 120 })).toContain(
      'Value: 120 in 5 minutes, threshold 1,000,',
    );
  });

  test('three samples are shown and the rest counted', () => {
    const { evidence } = anAlert();
    const five = Array.from({ length: 5 }, () => evidence.samples[0]);
    const mail = renderEmail(anAlert({ evidence: { ...evidence, samples: five } }));
    expect(mail.match(/REJECT/g)).toHaveLength(3);
    expect(mail).toContain('\n+2 more samples\n');
    const cutEarlier = anAlert({ evidence: { ...evidence, samples: five.slice(0, 3) } });
    expect(renderEmail({ ...cutEarlier, omitted: { samples: 1 } })).toContain('\n+1 more sample\n');
    expect(renderEmail(cutEarlier)).not.toContain('more sample');
  });

  test('values that came once each are not named as top, one that came alone is', () => {
    const { evidence } = anAlert();
    const mail = (ports: [string, number][]): string =>
      renderEmail(anAlert({ evidence: { ...evidence, top: { dstport: ports } } }));
    expect(
      mail([
        ['22', 1],
        ['23', 1],
      ]),
    ).not.toContain('Top');
    expect(
      mail([
        ['22', 2],
        ['23', 1],
      ]),
    ).toContain('\nTop dstport: 22 (2), 23 (1)\n');
    expect(mail([['22', 1]])).toContain('\nTop dstport: 22 (1)\n');
    expect(mail([])).not.toContain('Top');
  });

  test('lost records and silenced firings are told, a complete view is not', () => {
    expect(renderEmail(anAlert())).not.toContain('Note:');
    const visibility = { skipped: 0.03, malformed: 0, lagSeconds: 70, covered: true };
    expect(renderEmail(anAlert({ visibility, suppressed: 3 }))).toContain(
      '\nNote: 3% of the records were skipped by AWS; 3 earlier firings kept silent\n',
    );
  });

  test('resolved and test alerts do not open with a severity', () => {
    expect(renderEmail(anAlert({ status: 'resolved' }))).toMatch(/^\[RESOLVED\] /);
    expect(renderEmail(anAlert({ type: 'test' }))).toMatch(/^\[TEST\] /);
    expect(renderEmail(anAlert({ status: 'updated' }))).toMatch(/^\[HIGH, ONGOING\] /);
  });

  test('a file without account or region is named by its path', () => {
    expect(renderEmail(anAlert({ sources: [{ stream: 'flows', records: 1 }] }))).toContain('flows');
    expect(renderEmail(anAlert({ sources: [{ file: 'day.log.gz', records: 1 }] }))).toContain(
      '\nstage prod, day.log.gz\n',
    );
  });

  test('no value from a record or configuration adds a line or an escape', () => {
    const hostile = 'x\nValue: 0\u001b[2J|y';
    const { evidence, rule } = anAlert();
    const mail = renderEmail(
      anAlert({
        message: hostile,
        rule: { ...rule, title: hostile },
        group: { 'instance-tag': hostile },
        evidence: {
          ...evidence,
          samples: [{ action: hostile, srcaddr: hostile, dstaddr: hostile }],
          top: { 'instance-tag-2': [[hostile, 1]] },
        },
        sources: [{ logGroup: hostile, records: 1 }],
      }),
    );
    expect(mail).not.toContain('\u001b');
    expect(mail.match(/^Value:/gm)).toHaveLength(1);
  });
});

describe('a text message', () => {
  test('fits 160 ASCII characters with what, stage and time', () => {
    expect(renderSms(anAlert())).toBe(
      '[HIGH] 198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes prod 10:35:41 UTC',
    );
    const long = renderSms(anAlert({ message: 'ä'.repeat(500) }));
    expect(long).toHaveLength(160);
    expect(long).toMatch(/^\[HIGH\] a+\.\.\. prod 10:35:41 UTC$/);
  });
});
