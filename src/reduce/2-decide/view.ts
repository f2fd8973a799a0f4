/** What kinds may look at beside the slots of a window. */

import type { Snapshot } from '../../config/snapshot.ts';
import { connectionsOf } from '../../detect/connections.ts';
import type { WindowView } from '../../detect/kind.ts';
import type { Span } from '../../detect/parts.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import { hasHoles, learntInterval } from '../1-merge/source-minutes.ts';
import type { GroupState, RuleState, ShardState, SlotState, SourceState } from '../state.ts';
import { type Window, windowSeconds } from './windows.ts';

const NONE: readonly number[] = [];

/** The state around a rule's groups. */
export interface Surroundings {
  readonly snapshot: Snapshot;
  readonly state: ShardState;
}

/** What all windows of a group have in common, worked out when first asked for. */
export class GroupView {
  readonly #around: Surroundings;
  readonly #slots: readonly SlotState[];
  #interval: number | undefined;
  #connections: readonly Span[] | undefined;

  constructor(around: Surroundings, group: GroupState) {
    this.#around = around;
    this.#slots = group.slots;
  }

  get interval(): number {
    this.#interval ??= intervalOf(this.#around, this.#slots);
    return this.#interval;
  }

  get connections(): readonly Span[] {
    this.#connections ??= connectionsOf(this.#slots, this.interval);
    return this.#connections;
  }
}

/** A window of a group as kinds see it. */
export class View implements WindowView {
  readonly start: number;
  readonly end: number;
  readonly slots: readonly SlotState[];
  readonly #around: Surroundings;
  readonly #memory: RuleState;
  readonly #group: GroupState;
  #shared: GroupView | undefined;

  constructor(
    around: Surroundings,
    matched: MatchedRule,
    memory: RuleState,
    group: GroupState,
    window: Window,
    shared?: GroupView,
  ) {
    this.end = window.end + matched.slot;
    this.start = this.end - windowSeconds(matched);
    this.slots = window.slots;
    this.#around = around;
    this.#memory = memory;
    this.#group = group;
    this.#shared = shared;
  }

  get kept(): readonly number[] {
    return this.#group.kept;
  }

  get since(): number | undefined {
    return this.#memory.since;
  }

  get interval(): number {
    return this.#ofGroup.interval;
  }

  get connections(): readonly Span[] {
    return this.#ofGroup.connections;
  }

  get #ofGroup(): GroupView {
    this.#shared ??= new GroupView(this.#around, this.#group);
    return this.#shared;
  }

  answersTo(tuple: number): readonly number[] {
    return this.#memory.answers.get(tuple) ?? NONE;
  }

  blind(from: number, to: number): boolean {
    const { snapshot, state } = this.#around;
    if (from <= this.#memory.unsure) return true;
    return state.sources.some(
      (source) => isHalf(snapshot, source) || hasHoles(source, from, to + 1),
    );
  }
}

/** The longest aggregation interval among the sources of a group. */
export function intervalOf({ snapshot, state }: Surroundings, slots: readonly SlotState[]): number {
  let interval = 60;
  for (const { sources } of slots) {
    for (const [number] of sources) {
      const source = state.sources[number];
      if (source) interval = Math.max(interval, intervalOfSource(snapshot, source));
    }
  }
  return interval;
}

function intervalOfSource(snapshot: Snapshot, source: SourceState): number {
  return snapshot.flowLogs?.[source.source.name]?.interval ?? learntInterval(source);
}

/** A flow log that takes only accepted or only rejected flows cannot show that an answer is missing. */
function isHalf({ flowLogs }: Snapshot, { source }: SourceState): boolean {
  const traffic = flowLogs?.[source.name]?.traffic;
  return traffic !== undefined && traffic !== 'ALL';
}
