/** PutMetricData takes this many points in a request, */
export const LARGEST_BATCH = 1_000;
/** and this many bytes; the rest of the 1 MB is for what surrounds the points. */
export const LARGEST_BATCH_BYTES = 900_000;

/** Splits points into requests that CloudWatch takes, in order. */
export function* metricBatches<Datum>(data: readonly Datum[]): Iterable<readonly Datum[]> {
  let batch: Datum[] = [];
  let bytes = 0;
  for (const datum of data) {
    const size = Buffer.byteLength(JSON.stringify(datum)) + 1;
    if (
      batch.length === LARGEST_BATCH ||
      (batch.length > 0 && bytes + size > LARGEST_BATCH_BYTES)
    ) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(datum);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
