import type { Detect } from '../rules/compiled.ts';
import { connectionsIn } from './connections.ts';
import type { WindowKind } from './kind.ts';

/** `unanswered`: connections to which no accepted flow came back. */
export const unanswered: WindowKind<Extract<Detect, { kind: 'unanswered' }>> = {
  timing: 'settles',
  // An answer may begin a window after the question.
  waits: 1,
  carries: () => ({ what: 'connections', answers: true }),
  sumField: () => undefined,
  measure: () => 'connections',
  judge: ({ min }, view) => {
    const { start, end, interval } = view;
    const reach = end - start;
    const without = connectionsIn(view).filter(
      ({ tuple, start: begun }) =>
        !view.answersTo(tuple).some((time) => time >= begun - interval && time <= begun + reach),
    );
    const value = without.length;
    const fires = value >= min && !view.blind(start - interval, end + reach);
    return { value, threshold: min, fires };
  },
};
