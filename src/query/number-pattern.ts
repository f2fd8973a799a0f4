/** Whole numbers as regular expressions: for languages that compare texts, and for long sets. */

/** A number system, by what one digit may be. */
export interface Digits {
  readonly base: number;
  /** A class for the digits `low` to `high`. */
  readonly digits: (low: number, high: number) => string;
}

export const DECIMAL: Digits = { base: 10, digits: (low, high) => classOf(low, high) };

/** Lower case, as AWS and RFC 5952 write IPv6 addresses. */
export const HEXADECIMAL: Digits = {
  base: 16,
  digits: (low, high) => {
    if (low > 9 || high < 10) return classOf(low, high);
    const letters = high === 10 ? 'a' : `a-${high.toString(16)}`;
    const figures = low === 9 ? '9' : `${low}-9`;
    return `[${figures}${letters}]`;
  },
};

function classOf(low: number, high: number): string {
  const [from, to] = [low.toString(16), high.toString(16)];
  if (low === high) return from;
  return high - low === 1 ? `[${from}${to}]` : `[${from}-${to}]`;
}

/**
 * Patterns, without parentheses or alternatives, of the numbers from `low` to `high` as they are
 * written without leading zeros; together they match exactly those.
 */
export function patternsOf(low: number, high: number, system: Digits = DECIMAL): string[] {
  const { base } = system;
  const found: string[] = [];
  for (let from = low; from <= high; ) {
    // The longest run of equal length that ends before `high`.
    const top = Math.min(high, longest(from, base));
    found.push(...sameLength(from, top, system));
    from = top + 1;
  }
  return found;
}

function longest(number: number, base: number): number {
  let limit = base;
  while (limit <= number) limit *= base;
  return limit - 1;
}

/** For two numbers with equally many digits. */
function sameLength(low: number, high: number, system: Digits): string[] {
  const { base, digits } = system;
  if (high < base) return [digits(low, high)];
  const [lowHead, highHead] = [Math.floor(low / base), Math.floor(high / base)];
  if (lowHead === highHead) return [lowHead.toString(base) + digits(low % base, high % base)];
  const found: string[] = [];
  let [from, to] = [lowHead, highHead];
  if (low % base > 0) {
    found.push(lowHead.toString(base) + digits(low % base, base - 1));
    from++;
  }
  if (high % base < base - 1) {
    found.push(highHead.toString(base) + digits(0, high % base));
    to--;
  }
  const any = digits(0, base - 1);
  if (from <= to) found.push(...sameLength(from, to, system).map((head) => head + any));
  return found;
}
