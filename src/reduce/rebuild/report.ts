import type { ShardState } from '../state.ts';

export interface RebuiltShard {
  readonly shard: number;
  /** Digests that its memory is of. */
  readonly digests: number;
  /** Groups it remembers now, and those it remembered before. */
  readonly groups: number;
  readonly before: number;
  /** Size of its checkpoint. */
  readonly bytes: number;
}

export interface Rebuilt {
  readonly shards: readonly RebuiltShard[];
  /** Digests that the stream still brings to the reducers. */
  readonly left: number;
  readonly unreadable: number;
  readonly outOfTurn: number;
  /** Records left out because the rule was another then, by rule. */
  readonly foreign: ReadonlyMap<string, number>;
}

/** Groups of all rules. */
export function groupsOf(state: ShardState | undefined): number {
  let groups = 0;
  for (const rule of state?.rules.values() ?? []) groups += rule.groups.size;
  return groups;
}
