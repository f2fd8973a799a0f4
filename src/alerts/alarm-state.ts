/** A CloudWatch alarm told as an alert keeps its state in the context. */
import type { Alert } from './alert.ts';

const STATES = ['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const;
export type AlarmState = (typeof STATES)[number];

/** Undefined for alerts of the reducer, which no alarm is behind. */
export function alarmState(alert: Alert): AlarmState | undefined {
  const alarm = alert.context.alarm as { readonly state?: unknown } | null | undefined;
  return STATES.find((state) => state === alarm?.state);
}
