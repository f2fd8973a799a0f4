import { type Line, turned } from '../record.ts';
import { type Connection, connectionsOf } from './connections.ts';
import { type Slotting, windowStart, windowsAround, within } from './windows.ts';
import { evaluatedOf, FIVE, has, tupleOf, type World } from './world.ts';

/** At least `min` connections that nothing answered. */
export function unanswered(
  own: readonly Line[],
  slotting: Slotting,
  min: number,
  interval: number,
  world: World,
): number[] {
  const answers = evaluatedOf(world).filter(({ action }) => action === 'ACCEPT');
  const open = connectionsOf(own, interval).filter(
    (one) => !isAnswered(one, answers, interval, slotting.window),
  );
  const ends = windowsAround(
    slotting,
    own.map(({ start }) => start),
  );
  return ends.filter((end) => {
    const from = windowStart(slotting, end) - interval;
    const to = end + slotting.slot + slotting.window;
    const skipped = world.lines.some(
      ({ status, start }) => status === 'SKIPDATA' && start >= from && start < to + 60,
    );
    return !skipped && within(slotting, end, open).length >= min;
  });
}

function isAnswered(
  { flow, start }: Connection,
  answers: readonly Line[],
  interval: number,
  window: number,
): boolean {
  const wanted = tupleOf(turned(flow), FIVE);
  return answers.some(
    (answer) =>
      has(answer, FIVE) &&
      tupleOf(answer, FIVE) === wanted &&
      answer.start >= start - interval &&
      answer.start <= start + window,
  );
}
