/**
 * The compiled configuration that `reconcile` publishes in the state bucket and the hot functions
 * read. Plain JSON; a hot function never sees a rule document.
 */
import type { AlertMatch } from '../alerts/alert-match.ts';
import type { FlowLogFacts } from '../ports/config-source.ts';
import type { CompiledFilter, CompiledList, CompiledRule } from '../rules/compiled.ts';

/** Settings the engine uses, defaults filled in. Durations are seconds. */
export interface EngineSettings {
  readonly lateness: number;
  readonly settle: number;
  /** New groups a rule may remember per minute. */
  readonly maxGroups: number;
  /** Groups all rules together may remember. */
  readonly maxMemory: number;
  readonly metrics: 'sparse' | 'full';
}

export const DEFAULT_ENGINE_SETTINGS: EngineSettings = {
  lateness: 1_800,
  settle: 300,
  maxGroups: 500,
  maxMemory: 100_000,
  metrics: 'sparse',
};

/** Holds notifications back that meet `match`; the alert itself goes on. */
export interface CompiledSilence {
  readonly id: string;
  readonly match: AlertMatch;
  /** Unix seconds, compared with the slot that fired; absent: for ever. */
  readonly from?: number;
  readonly until?: number;
  /** Only in these hours of the week; absent: at any time. */
  readonly during?: WeeklyHours;
  readonly reason: string;
}

/** Recurring hours, by the clock of a time zone. */
export interface WeeklyHours {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight; an end that is not later lies on the next day. */
  readonly from: number;
  readonly to: number;
  /** IANA name, e.g. `Europe/Zurich`. */
  readonly zone: string;
}

/** Where alerts go beside what their rules say. */
export interface DeliverySettings {
  /** Channel for the service's own troubles. */
  readonly owner?: string;
  readonly routes: readonly { readonly match: AlertMatch; readonly to: readonly string[] }[];
}

export interface Snapshot {
  readonly version: 1;
  readonly settings: EngineSettings;
  readonly rules: readonly CompiledRule[];
  readonly filters: readonly CompiledFilter[];
  /** Lists that a rule or filter names, and always `internal`. */
  readonly lists: Readonly<Record<string, CompiledList>>;
  /**
   * LogFormat strings by log group name or glob, from DescribeFlowLogs and settings; a group that
   * no entry matches has the default format.
   */
  readonly formats: Readonly<Record<string, readonly string[]>>;
  /** What DescribeFlowLogs says beside the format, by log group; a group may be missing. */
  readonly flowLogs?: Readonly<Record<string, FlowLogFacts>>;
  /** Absent in snapshots of earlier versions, as is `delivery`. */
  readonly silences?: readonly CompiledSilence[];
  readonly delivery?: DeliverySettings;
}
