/** Parquet of a source as batches; a damaged one is told in its outcome. */
import { UnreadableBatchError } from '../../map/1-decode/gunzip.ts';
import { batchIdentity } from '../../map/1-decode/identity.ts';
import type { Batch } from '../../map/1-decode/lines.ts';
import { drop } from '../../map/1-decode/pieces.ts';
import { tableBatches } from '../../map/1-decode/table-batches.ts';
import { inMemory } from './open-file.ts';
import type { OpenedInput } from './opener.ts';
import type { ReadOutcome } from './read.ts';

/** @throws DamagedInputError where its bytes cannot be read */
export async function* readParquet(
  name: string,
  { source, all, open, packed }: OpenedInput,
  outcome: ReadOutcome,
): AsyncGenerator<Batch> {
  const jumps = open !== undefined && !packed;
  if (jumps) await drop(all);
  const file = jumps ? await open() : await inMemory(all);
  try {
    yield* tableBatches(file, source, (row) => batchIdentity(name, String(row)));
    outcome.recognised = true;
  } catch (error) {
    if (!(error instanceof UnreadableBatchError)) throw error;
    outcome.damage = error.message;
  } finally {
    await file.close();
  }
}
