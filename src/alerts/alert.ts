/** The one JSON form of an alert: SNS, replay `--json`, webhooks. Fields are only ever added. */
import type { Severity } from '../rules/compiled.ts';

export type AlertType = 'alert' | 'summary' | 'test' | 'service';
export type AlertStatus = 'firing' | 'updated' | 'resolved';

/** A record as field name to value; numbers are numbers, absent fields are left out. */
export type RecordMap = Readonly<Record<string, string | number>>;

export interface AlertSource {
  readonly account?: string;
  readonly region?: string;
  readonly logGroup?: string;
  readonly bucket?: string;
  readonly file?: string;
  /** Kinesis stream, where records name no log group. */
  readonly stream?: string;
  readonly records: number;
}

/** The window's records over time. */
export interface AlertSeries {
  /** ISO 8601. */
  readonly start: string;
  /** Seconds that one value stands for. */
  readonly slot: number;
  readonly values: readonly number[];
}

export interface Alert {
  readonly version: 1;
  readonly type: AlertType;
  readonly stage: string;
  /** One episode of one group, first message to last. */
  readonly id: string;
  /** Counts the episode's messages from 0. */
  readonly seq: number;
  readonly status: AlertStatus;
  readonly rule: {
    readonly id: string;
    readonly title: string;
    readonly severity: Severity;
    readonly tags: readonly string[];
    readonly runbook?: string;
    readonly references: readonly string[];
  };
  readonly group: RecordMap;
  readonly window: { readonly start: string; readonly end: string };
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly detectedAt: string;
  readonly value: number;
  readonly threshold: number;
  /** What `value` counts: `records`, or the field whose sum it is. */
  readonly measure?: string;
  /** Firings of the group kept silent since its last notification. */
  readonly suppressed: number;
  readonly message: string;
  readonly evidence: {
    readonly records: number;
    readonly bytes: number;
    readonly packets: number;
    readonly samples: readonly RecordMap[];
    readonly top: Readonly<Record<string, readonly (readonly [string, number])[]>>;
    /** Records by slot of the window, oldest first; absent where nothing was counted. */
    readonly series?: AlertSeries;
  };
  readonly sources: readonly AlertSource[];
  /** How far to trust it: shares of lost and unreadable records, and how late the data came. */
  readonly visibility: {
    readonly skipped: number;
    readonly malformed: number;
    readonly lagSeconds: number;
    readonly covered: boolean;
  };
  readonly links: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, unknown>>;
  /** Channels the rule asks for. */
  readonly to: readonly string[];
  /** What was left out so that the message fits its limit, by name, e.g. `samples: 3`. */
  readonly omitted?: Readonly<Record<string, number>>;
  /** In replay: the notification that a storm limit would have held back. */
  readonly folded?: true;
}
