/** Tells where a stream makes its reader wait. */
import type { Pieces } from '../../map/1-decode/pieces.ts';

/**
 * The pieces, and `undefined` where `patience` ms have passed since the first piece after the last
 * pause and the next one is not there.
 */
export async function* withPauses(
  pieces: Pieces,
  patience: number,
): AsyncGenerator<Uint8Array | undefined> {
  const iterator = pieces[Symbol.asyncIterator]();
  let next = iterator.next();
  let timer: NodeJS.Timeout | undefined;
  let due: Promise<undefined> | undefined;
  try {
    for (;;) {
      const result = await (due === undefined ? next : Promise.race([next, due]));
      if (result === undefined) {
        due = undefined;
        yield undefined;
        continue;
      }
      if (result.done) return;
      due ??= new Promise((resolve) => {
        timer = setTimeout(() => resolve(undefined), patience);
      });
      yield result.value;
      next = iterator.next();
    }
  } finally {
    clearTimeout(timer);
    await iterator.return?.();
  }
}
