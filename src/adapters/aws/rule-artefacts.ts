/** Alarms and saved queries of a stage's rules, for who is not one of its functions. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { AlarmStore } from '../../ports/alarm-store.ts';
import type { SavedQueryStore } from '../../ports/saved-query-store.ts';
import { CloudWatchAlarmStore } from './cloudwatch-alarm-store.ts';
import { type PersonOptions, personConfig } from './person-config.ts';
import { LogsSavedQueryStore } from './saved-query-store.ts';

interface StageOptions extends PersonOptions {
  readonly stage: string;
}

export function ruleAlarms({ stage, ...options }: StageOptions): AlarmStore {
  return new CloudWatchAlarmStore({ client: new CloudWatchClient(personConfig(options)), stage });
}

export function savedQueries({ stage, ...options }: StageOptions): SavedQueryStore {
  const client = new CloudWatchLogsClient(personConfig(options));
  return new LogsSavedQueryStore({ client, stage });
}
