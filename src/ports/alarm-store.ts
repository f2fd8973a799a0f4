import type { AlarmDefinition } from '../alarms/definition.ts';

export interface StoredAlarm {
  readonly arn: string;
  readonly definition: AlarmDefinition;
}

/** The account's alarms under the names of one stage's rules and severities, whoever made them. */
export interface AlarmStore {
  list(): Promise<StoredAlarm[]>;
  /** Whether it carries the tag of the stage: no other may be changed or deleted. */
  isOurs(alarm: StoredAlarm): Promise<boolean>;
  /**
   * Makes the alarm with the tag of the stage, or replaces all of it but the tags.
   * @throws Refusal
   */
  put(alarm: AlarmDefinition): Promise<void>;
  /**
   * Deletes them; one that is gone already counts as deleted.
   * @param alarms at most 100, or one composite alarm
   * @throws Refusal
   */
  delete(alarms: readonly AlarmDefinition[]): Promise<void>;
}
