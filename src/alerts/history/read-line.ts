/** Lines of the service's log that tell what became of an alert. */
import type { Severity } from '../../rules/compiled.ts';
import type { Alert, AlertStatus, RecordMap } from '../alert.ts';
import { REASONS, type Reason } from '../reasons.ts';

/** Words that lines of each kind have; other lines may have them as well. */
export const WORDS = {
  reduce: ['notification', 'decision'],
  deliver: ['delivery'],
} as const;

/** A firing that nobody was told of, or a message that was not sent, and why. */
export interface Untold {
  readonly kind: 'untold';
  readonly reason: Exclude<Reason, 'notified'>;
  /** Slot that fired, or when the message was due; Unix seconds. */
  readonly slot: number;
  readonly id: string;
  readonly rule: string;
  /** Absent in lines of earlier versions, as is `status`. */
  readonly severity?: Severity;
  readonly status?: AlertStatus;
  readonly group: RecordMap;
  readonly value: number;
  readonly threshold: number;
  readonly message: string;
  readonly silence?: string;
  readonly inhibitedBy?: { readonly rule: string; readonly id: string };
}

/** A message that the alert topic has taken. */
export interface Sent {
  readonly kind: 'sent';
  readonly alert: Alert;
}

/** A message that the alert topic has not taken, for now. */
export interface Failed {
  readonly kind: 'failed';
  readonly id: string;
  readonly seq: number;
  readonly rule: string;
  readonly reason: string;
}

/** What a channel has made of a message. */
export interface Delivered {
  readonly kind: 'delivery';
  readonly id: string;
  readonly seq: number;
  readonly channel: string;
  /** As `deliver` calls it: delivered, again, parked, duplicate ... */
  readonly outcome: string;
  readonly reason?: string;
}

export type HistoryLine = Untold | Sent | Failed | Delivered;

/** @returns undefined for every other line, Lambda's own included, and for one that is damaged */
export function readLine(text: string): HistoryLine | undefined {
  let line: Record<string, unknown>;
  try {
    line = JSON.parse(text.slice(Math.max(0, text.indexOf('{'))));
  } catch {
    return undefined;
  }
  if (typeof line !== 'object' || line === null || typeof line.id !== 'string') return undefined;
  switch (line.event) {
    case 'decision':
      if (!Object.hasOwn(REASONS, String(line.reason))) return undefined;
      return { ...(line as unknown as Untold), kind: 'untold' };
    case 'notification':
      return isAlert(line.alert) ? { kind: 'sent', alert: line.alert } : undefined;
    case 'notification-failed':
      return { ...(line as unknown as Failed), kind: 'failed' };
    case 'delivery':
      if (typeof line.channel !== 'string') return undefined;
      return { ...(line as unknown as Delivered), kind: 'delivery' };
    default:
      return undefined;
  }
}

function isAlert(value: unknown): value is Alert {
  const alert = value as Partial<Alert> | undefined;
  return typeof alert?.rule?.id === 'string' && typeof alert.seq === 'number';
}
