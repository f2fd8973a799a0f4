import { type AlarmDefinition, alarmPrefixes } from '../../alarms/definition.ts';
import type { AlarmStore, StoredAlarm } from '../../ports/alarm-store.ts';

/** Alarms in memory; several stores may share one account. */
export class MemoryAlarmStore implements AlarmStore {
  /** By name, with the stage whose tag each carries. */
  readonly account: Map<string, { readonly definition: AlarmDefinition; readonly stage?: string }>;
  readonly #stage: string;

  constructor(stage: string, account: MemoryAlarmStore['account'] = new Map()) {
    this.#stage = stage;
    this.account = account;
  }

  async list(): Promise<StoredAlarm[]> {
    const prefixes = alarmPrefixes(this.#stage);
    return [...this.account]
      .filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))
      .map(([name, { definition }]) => ({ arn: `arn:${name}`, definition }));
  }

  async isOurs({ definition }: StoredAlarm): Promise<boolean> {
    return this.account.get(definition.AlarmName)?.stage === this.#stage;
  }

  async put(alarm: AlarmDefinition): Promise<void> {
    const known = this.account.get(alarm.AlarmName);
    const tag = known ? known.stage : this.#stage;
    this.account.set(alarm.AlarmName, {
      definition: structuredClone(alarm),
      ...(tag !== undefined && { stage: tag }),
    });
  }

  async delete(alarms: readonly AlarmDefinition[]): Promise<void> {
    for (const { AlarmName } of alarms) this.account.delete(AlarmName);
  }
}
