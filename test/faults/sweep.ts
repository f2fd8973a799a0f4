/** The same scenario again for every call that may fail, and what of it must stay the same. */
import { expect } from '@jest/globals';
import { newState, type ShardState } from '../../src/reduce/state.ts';
import { type Fate, only } from './faults.ts';
import { published, type World } from './world.ts';

/** Runs a scenario, with or without a fault. */
export type Run = (fate?: (name: string, index: number) => Fate) => Promise<World>;

/** With one fate for each call in turn, memory and alerts are those of the run without it. */
export async function expectSame(run: Run, expected: World, fate: Fate): Promise<void> {
  const { calls } = expected.faults;
  for (let index = 0; index < calls.length; index++) {
    const at = `${fate} at call ${index}, ${calls[index]}`;
    const world = await run(only(index, fate));
    const sent = published(world);
    expect([at, [...sent.keys()].sort()]).toEqual([at, [...published(expected).keys()].sort()]);
    const doubles = [...sent.values()].filter((count) => count > 1).length;
    const lostAnswer = fate === 'fail-after' && calls[index] === 'reduce.notifier.publish';
    if (!lostAnswer && !diedUnsaved(world.faults.calls, index, fate)) {
      expect([at, doubles]).toEqual([at, 0]);
    }
    expect([at, letters(world)]).toEqual([at, letters(expected)]);
    const exact = calls[index].startsWith('reduce.');
    const memories = [await world.memory(), await expected.memory()];
    const [found, wanted] = memories.map((memory) =>
      exact ? withoutMetrics(memory) : withoutTotals(memory),
    );
    expect([at, found]).toEqual([at, wanted]);
  }
}

/** Whether the process died with something sent that no checkpoint says was. */
function diedUnsaved(calls: readonly string[], index: number, fate: Fate): boolean {
  if (!fate.startsWith('kill')) return false;
  const done = calls.slice(0, fate === 'kill-after' ? index + 1 : index);
  const saved = done.lastIndexOf('reduce.checkpoints.save');
  return done.slice(saved + 1).some((name) => name === 'reduce.notifier.publish');
}

/** Heartbeats are approximate: what they tell of sources is left out. */
function withoutTotals(memory: ShardState | undefined): object {
  const applied = [...(memory?.applied ?? [])].filter(([key]) => !key.includes('#beat#'));
  const sources = memory?.sources.map(({ source }) => source);
  return { ...withoutMetrics(memory), applied, sources };
}

/** A process that dies in the scenario's last minute leaves that minute's points to the next. */
function withoutMetrics(memory: ShardState | undefined): object {
  const { metrics: _, metricsOutbox: __, ...rest } = memory ?? newState();
  return rest;
}

function letters({ letters }: World): string[] {
  return [
    ...new Set(letters.letters.map(({ kind, body }) => `${kind} ${body.slice(0, 200)}`)),
  ].sort();
}
