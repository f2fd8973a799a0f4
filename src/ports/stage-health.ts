/** How a deployed stage is doing, read by `doctor`. Every method throws what AWS says when it refuses. */
import type { Snapshot } from '../config/snapshot.ts';
import type { ConfigState } from '../config/state.ts';
import type { ShardState } from '../reduce/state.ts';

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  /** `AWS::Lambda::Function` ... */
  readonly type: string;
  /** CloudFormation's, e.g. `CREATE_COMPLETE`. */
  readonly status: string;
}

export interface FunctionState {
  readonly name: string;
  /** `Active`, `Inactive`, `Failed` ... */
  readonly state: string;
  readonly reason?: string;
}

/** What brings events to a function. */
export interface MappingState {
  readonly functionName: string;
  readonly source: string;
  /** `Enabled`, `Disabled` ... */
  readonly state: string;
  /** `OK`, or what went wrong last. */
  readonly lastResult?: string;
}

export interface TopicSubscription {
  readonly protocol: string;
  readonly endpoint: string;
  /** The link in the mail was not followed yet. */
  readonly pending: boolean;
}

export interface AlarmState {
  readonly name: string;
  readonly state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
  readonly reason: string;
  /** Unix ms. */
  readonly since: number;
}

export interface QueueState {
  readonly logicalId: string;
  /** URL. */
  readonly url: string;
  readonly depth: number;
  /** Bodies of the first ones, where it keeps what failed. */
  readonly first: readonly string[];
}

export interface ParameterFacts {
  /** Path below the stage, e.g. `rules/ssh`. */
  readonly path: string;
  readonly type: string;
  readonly tier: string;
}

/** Sums and greatest values of the last minutes; undefined where there was no point. */
export interface HealthMetrics {
  /** Milliseconds, of `reduce`, greatest in 15 minutes. */
  readonly iteratorAge?: number;
  /** Invocations in 15 minutes, by function name. */
  readonly invocations: Readonly<Record<string, number>>;
  /** Writes that the table refused in an hour. */
  readonly throttledWrites?: number;
  /** By log group, in an hour. */
  readonly groups: Readonly<Record<string, GroupMetrics>>;
}

export interface GroupMetrics {
  readonly incoming: number;
  /** Of our filter: events handed on, and calls of the function that were refused. */
  readonly forwarded: number;
  readonly deliveryErrors: number;
}

export interface StageHealth {
  resources(): Promise<StackResource[]>;
  functions(names: readonly string[]): Promise<FunctionState[]>;
  mappings(ids: readonly string[]): Promise<MappingState[]>;
  subscribers(topicArn: string): Promise<TopicSubscription[]>;
  /** Undefined where none is published; `at` in Unix ms. */
  snapshot(): Promise<{ readonly snapshot: Snapshot; readonly at: number } | undefined>;
  configState(): Promise<ConfigState | undefined>;
  alarms(): Promise<AlarmState[]>;
  queues(resources: readonly StackResource[]): Promise<QueueState[]>;
  metrics(
    functions: readonly string[],
    table: string,
    groups: readonly string[],
  ): Promise<HealthMetrics>;
  /** Memory of the shards that have any. */
  shards(count: number): Promise<ShardState[]>;
  concurrency(): Promise<{ readonly limit: number; readonly unreserved: number }>;
  /** Names and kinds alone; nothing is decrypted. */
  parameters(): Promise<ParameterFacts[]>;
}
