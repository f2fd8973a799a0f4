/** What Athena asks for a query. https://aws.amazon.com/athena/pricing/ */

/** Dollars a terabyte, in most regions. */
export const DOLLARS_PER_TERABYTE = 5;
/** Each query is billed for so much at least; bytes. */
const LEAST_BILLED = 10_000_000;

/** Dollars for reading so many bytes. */
export function priceOfQuery(bytes: number): number {
  return (Math.max(bytes, LEAST_BILLED) / 1e12) * DOLLARS_PER_TERABYTE;
}
