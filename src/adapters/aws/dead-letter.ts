import { createHash } from 'node:crypto';
import type { DeadLetters } from '../../ports/notifier.ts';
import { unreadableKey } from './state-bucket.ts';

export type Letter = Parameters<DeadLetters['park']>[0];

/** SQS takes 256 KB by default; the rest is room for its own accounting. */
const LARGEST_MESSAGE_BYTES = 250 * 1024;
const LONGEST_REASON = 4_000;

export interface PackedLetter {
  /** Body of the queue message: JSON `{ kind, reason, channel?, body }`, or `bodyAt` instead of `body`. */
  readonly message: string;
  /** What must be in the state bucket before the message names it. */
  readonly object?: {
    readonly key: string;
    /** Hex SHA-256 of the bytes. */
    readonly sha256: string;
    readonly bytes: Uint8Array;
  };
}

/** Makes a letter fit a queue: a large body goes to the state bucket and the message says where. */
export function packLetter(letter: Letter, bucket: string): PackedLetter {
  const { kind, reason, channel, body } = letter;
  const head = {
    kind,
    reason: reason.slice(0, LONGEST_REASON),
    ...(channel !== undefined && { channel }),
  };
  const whole = queueText({ ...head, body });
  if (Buffer.byteLength(whole) <= LARGEST_MESSAGE_BYTES) return { message: whole };
  const bytes = Buffer.from(body);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const key = unreadableKey(sha256);
  const message = queueText({ ...head, bodyAt: `s3://${bucket}/${key}`, bytes: bytes.length });
  return { message, object: { key, sha256, bytes } };
}

/** JSON without the two characters that JSON allows and SQS refuses. */
function queueText(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
}
