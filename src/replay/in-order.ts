/** Work that is shared between others and the caller, and taken in order. */
import { setImmediate } from 'node:timers/promises';

export interface Workers<T, R> {
  /** The work done elsewhere; undefined where nobody has room, or it is not worth it. */
  offer(item: T): Promise<R> | undefined;
  /** The work done here. */
  own(item: T): R;
}

interface Entry<T, R> {
  readonly item: T;
  done?: Promise<readonly [item: T, result: R]>;
}

/**
 * Hands each item on with what was made of it, in the items' order. First of all others are kept
 * busy, then what is done is handed on, and only what is left then is done here.
 * @param most items that are read and not yet handed on
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  workers: Workers<T, R>,
  most: number,
): AsyncGenerator<readonly [item: T, result: R]> {
  const iterator = items[Symbol.asyncIterator]();
  const waiting: Entry<T, R>[] = [];
  let next: Promise<IteratorResult<T>> | undefined = iterator.next();
  try {
    while (next !== undefined || waiting.length > 0) {
      const left = offerAll(waiting, workers);
      const [head] = waiting;
      const event = await Promise.race([
        ...(next === undefined || waiting.length >= most ? [] : [next.then(arrived)]),
        ...(head?.done === undefined ? [] : [head.done.then(finished)]),
        ...(left === undefined ? [] : [setImmediate('idle' as const)]),
      ]);
      if (event === 'idle') {
        left!.done = Promise.resolve([left!.item, workers.own(left!.item)]);
      } else if ('pair' in event) {
        waiting.shift();
        yield event.pair;
      } else if (event.result.done) next = undefined;
      else {
        waiting.push({ item: event.result.value });
        next = seen(iterator.next());
      }
    }
  } finally {
    // What is being read may be a silent pipe, for which nobody can wait: it closes behind that.
    void seen(Promise.resolve(iterator.return?.()));
  }
}

/** @returns the first item that nobody takes */
function offerAll<T, R>(
  waiting: readonly Entry<T, R>[],
  workers: Workers<T, R>,
): Entry<T, R> | undefined {
  let left: Entry<T, R> | undefined;
  for (const entry of waiting) {
    if (entry.done) continue;
    const { item } = entry;
    const work = workers.offer(item);
    if (work) entry.done = seen(work.then((result) => [item, result] as const));
    else left ??= entry;
  }
  return left;
}

function arrived<T>(result: IteratorResult<T>): { readonly result: IteratorResult<T> } {
  return { result };
}

function finished<P>(pair: P): { readonly pair: P } {
  return { pair };
}

/** Awaited later on; until then its failure must not count as unhandled. */
function seen<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
