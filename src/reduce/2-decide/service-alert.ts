/** What the service has to tell its owner, as an alert. */
import type { Alert } from '../../alerts/alert.ts';
import { bareAlert } from '../../alerts/bare-alert.ts';
import { iso } from '../../alerts/iso-time.ts';
import type { Severity } from '../../rules/compiled.ts';
import { alertId } from './alert-id.ts';

/** Stands where an alert names its rule. */
const SERVICE = 'flowlog-alerts';

export interface ServiceNews {
  /** Names what it is about, with the time; the same news has the same id. */
  readonly about: string;
  /** First line, without what it is about. */
  readonly title: string;
  readonly message: string;
  readonly severity: Severity;
  /** Event time that it is about; Unix seconds. */
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly threshold: number;
  /** Unix seconds. */
  readonly detectedAt: number;
}

/** Goes through the outbox like any other, to the channel that the settings name as owner. */
export function serviceAlert(
  stage: string,
  { about, title, message, severity, from, to, value, threshold, detectedAt }: ServiceNews,
): Alert {
  return bareAlert({
    type: 'service',
    stage,
    id: alertId(SERVICE, about, from),
    rule: { id: SERVICE, title, severity, tags: ['service'], references: [] },
    window: { start: iso(from), end: iso(to) },
    detectedAt: iso(detectedAt),
    value,
    threshold,
    message,
  });
}
