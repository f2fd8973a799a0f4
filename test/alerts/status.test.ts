import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { renderEmail } from '../../src/alerts/email.ts';
import { renderSms } from '../../src/alerts/sms.ts';
import { renderSubject } from '../../src/alerts/subject.ts';
import { PLAIN, renderTerminal } from '../../src/alerts/terminal.ts';
import { anAlert } from './an-alert.ts';

/** Later messages bring no evidence, and their span is the whole alert. */
function later(status: 'updated' | 'resolved', changes: Partial<Alert> = {}): Alert {
  return anAlert({
    status,
    seq: 2,
    window: { start: '2026-11-23T10:31:00Z', end: '2026-11-23T11:40:00Z' },
    evidence: { records: 0, bytes: 0, packets: 0, samples: [], top: {} },
    ...changes,
  });
}

const silence: Partial<Alert> = {
  measure: 'silence',
  value: 1_200,
  threshold: 900,
  group: { srcaddr: '10.0.0.5' },
  rule: { ...anAlert().rule, title: 'Backups have stopped' },
  message: 'Backups have stopped: 10.0.0.5, no record for 20 minutes (threshold 15 minutes)',
};

describe('an alert that is over', () => {
  test('says so first by mail, and what it was after that', () => {
    expect(
      renderEmail(later('resolved')),
    ).toBe(`[RESOLVED] Port probing from the internet: 198.51.100.7 -> 10.0.0.5
Over: nothing more since 2026-11-23 10:35:41 UTC. It was: 198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes

Who: 198.51.100.7 -> 10.0.0.5
Value: 120 records, threshold 100
Seen: 2026-11-23 10:31:02 to 10:35:41 UTC

Runbook: https://example.com/runbook#port-probing

stage prod, account 123456789012, eu-west-1, /vpc/flow-logs
rule port-probing, alert ABCDEFGHIJKLMNOPQRSTUVWXYZ
`);
  });

  test('does not sound by text message as if it happened now', () => {
    expect(renderSms(later('resolved'))).toBe(
      '[RESOLVED] Port probing from the internet: 198.51.100.7 -> 10.0.0.5 prod over since 10:35:41 UTC',
    );
  });

  test('is filed under what it is', () => {
    expect(renderSubject(later('resolved'))).toBe(
      '[RESOLVED] Port probing from the internet: 198.51.100.7 -> 10.0.0.5',
    );
  });

  test('opens a terminal line with its title', () => {
    expect(renderTerminal(later('resolved'), PLAIN).split('\n').slice(0, 3)).toEqual([
      'RESOLVED Port probing from the internet: 198.51.100.7 -> 10.0.0.5',
      '         port-probing',
      '         Over: nothing more since 2026-11-23 10:35:41 UTC. It was: 198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes',
    ]);
  });

  test('where it was a silence, records have come again', () => {
    const mail = renderEmail(later('resolved', silence));
    expect(mail).toContain('\nRecords come again since 2026-11-23 11:40:00 UTC. It was: Backups');
    expect(mail).not.toContain('een: ');
    expect(renderSms(later('resolved', silence))).toBe(
      '[RESOLVED] Backups have stopped: 10.0.0.5 prod over since 11:40:00 UTC',
    );
  });
});

describe('an alert that goes on', () => {
  test('repeats what happened and says that it is not the first message', () => {
    expect(
      renderEmail(later('updated')),
    ).toBe(`[HIGH, ONGOING] 198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes
Port probing from the internet
Not over yet: this is message 3 of the alert.

Who: 198.51.100.7 -> 10.0.0.5
Value: 120 records, threshold 100
Seen: 2026-11-23 10:31:02 to 10:35:41 UTC

Runbook: https://example.com/runbook#port-probing

Silence it for two hours:
npx flowlog-alerts silence add --stage prod --match rule=port-probing --match srcaddr=198.51.100.7 --match dstaddr=10.0.0.5 --for 2h --reason 'alert ABCDEFGHIJKLMNOPQRSTUVWXYZ'

stage prod, account 123456789012, eu-west-1, /vpc/flow-logs
rule port-probing, alert ABCDEFGHIJKLMNOPQRSTUVWXYZ
`);
  });

  test('is told apart from a new one everywhere', () => {
    expect(renderSubject(later('updated'))).toMatch(/^\[HIGH, ONGOING\] Port probing/);
    expect(renderSms(later('updated'))).toMatch(/^\[HIGH, ONGOING\] 198\.51\.100\.7 probed/);
    expect(renderTerminal(later('updated'), PLAIN)).toMatch(/^HIGH, ONGOING 198\.51/);
    expect(renderTerminal(anAlert(), PLAIN)).not.toContain('ONGOING');
  });
});

describe('a silence', () => {
  test('tells when the last record came, and no amount as if it were part of it', () => {
    const mail = renderEmail(anAlert(silence));
    expect(mail).toContain('\nValue: no record for 20 minutes, threshold 15 minutes\n');
    expect(mail).toContain('\nLast seen: 2026-11-23 10:35:41 UTC\n');
  });

  test('of a source names it in words', () => {
    const group = { logGroup: '/vpc/flow-logs' };
    expect(renderEmail(anAlert({ ...silence, group }))).toContain(
      '\nWho: log group /vpc/flow-logs\n',
    );
  });
});
