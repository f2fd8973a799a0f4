import { constants, gunzipSync } from 'node:zlib';

/**
 * Most bytes one payload may unpack to. CloudWatch Logs takes in at most 1 MiB a put and batches a
 * few; anything near this is a decompression bomb.
 */
const MAX_UNPACKED = 256 * 1024 * 1024;

/** A batch of which nothing can be read; `reason` is a stable name for counters. */
export class UnreadableBatchError extends Error {
  override readonly name = 'UnreadableBatchError';
  readonly reason: string;
  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/**
 * Unpacks gzip, several members included. A stream that breaks off gives what came before the break.
 * @throws UnreadableBatchError when nothing can be had, or it unpacks beyond 256 MiB
 */
export function gunzip(packed: Uint8Array): { bytes: Uint8Array; truncated: boolean } {
  try {
    return { bytes: gunzipSync(packed, { maxOutputLength: MAX_UNPACKED }), truncated: false };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new UnreadableBatchError(
        'too-large',
        `the batch unpacks to more than ${MAX_UNPACKED / 1024 / 1024} MiB`,
      );
    }
    return salvage(packed, error);
  }
}

function salvage(packed: Uint8Array, cause: unknown): { bytes: Uint8Array; truncated: boolean } {
  try {
    const bytes = gunzipSync(packed, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MAX_UNPACKED,
    });
    if (bytes.length > 0) return { bytes, truncated: true };
  } catch {
    // Corrupt rather than cut short: the first error says more.
  }
  throw new UnreadableBatchError('bad-gzip', `the batch is not gzip: ${(cause as Error).message}`, {
    cause,
  });
}
