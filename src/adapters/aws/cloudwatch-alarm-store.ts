import {
  type CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutCompositeAlarmCommand,
  type PutCompositeAlarmCommandInput,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { ALARM_FIELDS } from '../../alarms/compare.ts';
import {
  type AlarmDefinition,
  alarmPrefixes,
  isComposite,
  STAGE_TAG,
} from '../../alarms/definition.ts';
import type { AlarmStore, StoredAlarm } from '../../ports/alarm-store.ts';
import { asked, isMissing } from './refusal.ts';

export interface CloudWatchAlarmStoreOptions {
  readonly client: CloudWatchClient;
  readonly stage: string;
}

/** The alarms of an account and region. */
export class CloudWatchAlarmStore implements AlarmStore {
  readonly #client: CloudWatchClient;
  readonly #stage: string;

  constructor({ client, stage }: CloudWatchAlarmStoreOptions) {
    this.#client = client;
    this.#stage = stage;
  }

  async list(): Promise<StoredAlarm[]> {
    const prefixes = alarmPrefixes(this.#stage);
    const alarms: StoredAlarm[] = [];
    let token: string | undefined;
    do {
      const page = await asked(
        this.#client.send(
          new DescribeAlarmsCommand({
            // One question for both prefixes; the service's own alarms, few, come along.
            AlarmNamePrefix: `flowlog-alerts/${this.#stage}/`,
            AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
            MaxRecords: 100,
            ...(token !== undefined && { NextToken: token }),
          }),
        ),
      );
      for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])]) {
        const { AlarmName = '', AlarmArn = '' } = alarm;
        if (!prefixes.some((prefix) => AlarmName.startsWith(prefix))) continue;
        alarms.push({ arn: AlarmArn, definition: definitionOf(alarm) });
      }
      token = page.NextToken || undefined;
    } while (token !== undefined);
    return alarms;
  }

  async isOurs({ arn }: StoredAlarm): Promise<boolean> {
    try {
      const command = new ListTagsForResourceCommand({ ResourceARN: arn });
      const { Tags = [] } = await asked(this.#client.send(command));
      return Tags.some(({ Key, Value }) => Key === STAGE_TAG && Value === this.#stage);
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async put(alarm: AlarmDefinition): Promise<void> {
    // On an alarm that is there, CloudWatch leaves the tags as they are.
    const Tags = [{ Key: STAGE_TAG, Value: this.#stage }];
    const put = isComposite(alarm)
      ? this.#client.send(
          new PutCompositeAlarmCommand({ ...alarm, Tags } as PutCompositeAlarmCommandInput),
        )
      : this.#client.send(
          new PutMetricAlarmCommand({ ...alarm, Tags } as PutMetricAlarmCommandInput),
        );
    await asked<unknown>(put);
  }

  async delete(alarms: readonly AlarmDefinition[]): Promise<void> {
    const AlarmNames = alarms.map(({ AlarmName }) => AlarmName);
    try {
      await asked(this.#client.send(new DeleteAlarmsCommand({ AlarmNames })));
    } catch (error) {
      if (!isMissing(error)) throw error;
      // For one name that is not there, CloudWatch deletes none of them.
      if (alarms.length > 1) for (const alarm of alarms) await this.delete([alarm]);
    }
  }
}

/** Alarms as the API gives them, without state and times. */
function definitionOf(described: object): AlarmDefinition {
  const alarm = described as Readonly<Record<string, unknown>>;
  const kept = ['AlarmName', ...ALARM_FIELDS].filter((field) => alarm[field] !== undefined);
  return Object.fromEntries(
    kept.map((field) => [field, alarm[field]]),
  ) as unknown as AlarmDefinition;
}
