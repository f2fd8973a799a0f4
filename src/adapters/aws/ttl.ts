/** Longer than any dead-letter queue holds what a person may send back. */
const TTL_DAYS = 15;

/** When DynamoDB may forget what came at `at` (Unix ms): Unix seconds. */
export function ttlOf(at: number): number {
  return Math.floor(at / 1000) + TTL_DAYS * 86_400;
}
