/** A CloudWatch alarm told as an alert: what its context holds of the alarm. */
import type { Alert } from './alert.ts';
import { cleanLine } from './clean.ts';

const STATES = ['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const;
export type AlarmState = (typeof STATES)[number];

/** Texts are empty where the alarm's kind has none. */
export interface AlarmFacts {
  readonly state: AlarmState;
  /** What its description says beyond the alert's title. */
  readonly about: string;
  /** CloudWatch's own words for the transition, with the numbers. */
  readonly reason: string;
  /** What a metric alarm watches. */
  readonly metric: string;
  /** The expression of a composite alarm. */
  readonly rule: string;
  /** Alarms that made a composite one go off. */
  readonly children: string;
}

/** Undefined for alerts of the reducer, which no alarm is behind. */
export function alarmOf(alert: Alert): AlarmFacts | undefined {
  const alarm = alert.context.alarm;
  if (typeof alarm !== 'object' || alarm === null) return undefined;
  const text = (key: string): string => {
    const value = (alarm as Record<string, unknown>)[key];
    return typeof value === 'string' ? cleanLine(value) : '';
  };
  const state = STATES.find((known) => known === text('state'));
  if (state === undefined) return undefined;
  return {
    state,
    about: text('about'),
    reason: text('reason'),
    metric: text('metric'),
    rule: text('rule'),
    children: text('children'),
  };
}
