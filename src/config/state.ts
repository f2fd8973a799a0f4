/** What `reconcile` remembers from one run to the next. */
import type { FlowLogFacts } from '../ports/config-source.ts';
import type { FormerFormats } from './former-formats.ts';
import type { GoodVersions } from './good.ts';
import type { ToldBook } from './notices.ts';
import type { Formats } from './settings.ts';
import type { UpkeepState } from './upkeep.ts';

export interface ConfigState {
  readonly version: 1;
  readonly good: GoodVersions;
  /** The last answer of DescribeFlowLogs. */
  readonly formats: Formats;
  /** Of the same answer; absent in the state of earlier versions. */
  readonly flowLogs?: Readonly<Record<string, FlowLogFacts>>;
  /** Formats that went within the last hour; absent where none did. */
  readonly former?: FormerFormats;
  readonly told: ToldBook;
  /** Alarms and saved queries; absent in the state of earlier versions. */
  readonly upkeep?: UpkeepState;
}

const EMPTY_STATE: ConfigState = { version: 1, good: {}, formats: {}, told: {} };

/** @throws Error when a newer version wrote it: to forget its last good versions would be worse */
export function parseState(text: string | undefined): ConfigState {
  if (text === undefined) return EMPTY_STATE;
  const state = JSON.parse(text) as ConfigState;
  if (state.version === 1) return state;
  throw new Error(
    `The state of the configuration has version ${state.version}, and this version of flowlog-alerts reads version 1: deploy all functions together`,
  );
}
