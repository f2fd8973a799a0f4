/** Lines as the functions write them. */
import { jsonLog } from '../../../src/adapters/aws/json-log.ts';
import type { Alert } from '../../../src/alerts/alert.ts';
import { anAlert } from '../an-alert.ts';

export const NOON = Date.UTC(2026, 10, 23, 12);

function line(event: string, fields: Record<string, unknown>): string {
  let text = '';
  jsonLog(
    (written) => {
      text = written;
    },
    () => NOON,
  )('info', event, fields);
  return text;
}

export function sentLine(given: Partial<Alert> = {}): string {
  const alert = anAlert(given);
  const { id, seq, rule } = alert;
  return line('notification', { id, seq, rule: rule.id, sent: true, messageId: 'm', alert });
}

export function untoldLine(reason: string, given: Record<string, unknown> = {}): string {
  const { id, rule, group, value, threshold, message, status } = anAlert();
  const { severity } = rule;
  const fields = { id, rule: rule.id, severity, status, group, value, threshold, message };
  return line('decision', { reason, slot: NOON / 1000, ...fields, ...given });
}

export function failedLine(given: Record<string, unknown> = {}): string {
  const { id, seq, rule } = anAlert();
  const reason = 'the topic is gone';
  return line('notification-failed', { id, seq, rule: rule.id, attempts: 0, reason, ...given });
}

export function deliveryLine(channel: string, outcome: string, reason?: string): string {
  const { id, seq, rule } = anAlert();
  return line('delivery', { id, seq, rule: rule.id, channel, outcome, ...(reason && { reason }) });
}
