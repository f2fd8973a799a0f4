/** All that is known of a stage when its health is judged; what AWS would not tell is unknown. */

import type { ToldBook } from '../config/notices.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type {
  AlarmState,
  FunctionState,
  HealthMetrics,
  MappingState,
  ParameterFacts,
  QueueState,
  StackResource,
  TopicSubscription,
} from '../ports/stage-health.ts';
import type { StageStack } from '../ports/stage-stack.ts';
import type { ShardState } from '../reduce/state.ts';
import type { RegionFacts } from '../subscribe/facts.ts';
import type { Finding } from './finding.ts';

export type Fact<T> =
  | { readonly value: T }
  | {
      /** What was not to be had. */
      readonly unknown: string;
      readonly reason: string;
      /** Right that is missing, where that is why. */
      readonly right?: string;
    };

export interface Facts {
  readonly stage: string;
  /** Unix ms, by this machine. */
  readonly now: number;
  /** Version of this checkout. */
  readonly version: string;
  readonly stack: StageStack;
  readonly resources: Fact<readonly StackResource[]>;
  readonly functions: Fact<readonly FunctionState[]>;
  readonly mappings: Fact<readonly MappingState[]>;
  readonly alertSubscribers: Fact<readonly TopicSubscription[]>;
  readonly opsSubscribers: Fact<readonly TopicSubscription[]>;
  readonly region: Fact<RegionFacts>;
  /** When the newest event of a log group came, Unix ms. */
  readonly lastEvents: Fact<ReadonlyMap<string, number | undefined>>;
  readonly snapshot: Fact<{ readonly snapshot: Snapshot; readonly at: number } | undefined>;
  readonly told: Fact<ToldBook>;
  readonly alarms: Fact<readonly AlarmState[]>;
  readonly queues: Fact<readonly QueueState[]>;
  readonly metrics: Fact<HealthMetrics>;
  readonly shards: Fact<readonly ShardState[]>;
  readonly concurrency: Fact<{ readonly limit: number; readonly unreserved: number }>;
  readonly parameters: Fact<readonly ParameterFacts[]>;
}

/** The value, or undefined where it is not known. */
export function known<T>(fact: Fact<T>): T | undefined {
  return 'value' in fact ? fact.value : undefined;
}

/** Judges from facts alone. */
export type Check = (facts: Facts) => Finding[];
