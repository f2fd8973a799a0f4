/** A source as the group of an alert about itself. */
import { minuteOf } from '../1-merge/source-minutes.ts';
import { type GroupState, newGroupState, type RuleState, type ShardState } from '../state.ts';

/** @param number of the source in the state; the group keeps it */
export function sourceGroup(
  memory: RuleState,
  { sources }: ShardState,
  number: number,
  slot: number,
): GroupState {
  const { kind, name, account = '', region = '' } = sources[number].source;
  const key = `source ${JSON.stringify([kind, name, account, region])}`;
  let group = memory.groups.get(key);
  if (!group) {
    group = { ...newGroupState([name], minuteOf(slot)), names: [kind], kept: [number] };
    memory.groups.set(key, group);
  }
  return group;
}
