/** Reducers that lose their memory where they are told to, and have only their checkpoints. */
import type { Alert } from '../../../src/alerts/alert.ts';
import { compileRuleSet, type RuleSet } from '../../../src/map/4-match/rule-set.ts';
import type { LogEntry } from '../../../src/ports/digest-log.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/reduce/3-checkpoint/checkpoint.ts';
import { Reducer } from '../../../src/reduce/reducer.ts';
import { newState, type ShardState } from '../../../src/reduce/state.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';
import { decoded } from '../flows.ts';
import { aSnapshot } from '../rules.ts';
import type { Case } from './traffic/parts.ts';

export function ruleSetOf({ rules, filters }: Pick<Case, 'rules' | 'filters'>): RuleSet {
  return compileRuleSet({ ...aSnapshot(rules), filters });
}

export class Shard {
  #set: RuleSet;
  #reducer: Reducer;
  readonly #shard: number;

  constructor(set: RuleSet, state: ShardState = newState(), shard = 0) {
    this.#set = set;
    this.#shard = shard;
    this.#reducer = this.#reducerOf(state);
  }

  #reducerOf(state: ShardState): Reducer {
    return new Reducer(this.#set, { stage: 'test', shard: this.#shard }, state);
  }

  get state(): ShardState {
    return this.#reducer.state;
  }

  /** @returns what is sent */
  apply(entry: LogEntry): Alert[] {
    this.#reducer.apply(decoded(entry));
    const sent = this.#reducer.takeDecisions().filter(({ reason }) => reason === 'notified');
    return sent.map(({ alert }) => alert);
  }

  save(): Uint8Array {
    return encodeCheckpoint(this.state);
  }

  /** Goes on from a checkpoint, by other rules if told so. */
  load(body: Uint8Array, set: RuleSet = this.#set): void {
    this.#set = set;
    this.#reducer = this.#reducerOf(decodeCheckpoint(body));
  }

  restart(set: RuleSet = this.#set): void {
    this.load(this.save(), set);
  }
}

export function lateRecords({ metrics, metricsOutbox }: ShardState): number {
  const points = [...metrics.values(), ...metricsOutbox.flatMap(({ item }) => item)];
  return points.filter(({ name }) => name === 'LateRecords').length;
}

/** Seconds of ticks after which all that rules may yet decide is decided. */
export function tailOf(rules: readonly CompiledRule[]): number {
  const longest = rules.map(({ detect, window = 0, cooldown }) =>
    detect.kind === 'absent' ? 4 * detect.for : 2 * window + Math.max(window, cooldown) + 600,
  );
  return Math.max(...longest) + 1_800;
}

/** A stream hands nothing out again that is an hour older. */
export function recent(now: LogEntry): (entry: LogEntry) => boolean {
  return ({ at }) => at > now.at - 3_500_000;
}
