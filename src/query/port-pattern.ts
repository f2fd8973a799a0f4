/** Long sets of small numbers as one short regular expression: what their digits share is written once. */

/** Numbers up to which a set is spread out to find what they share. */
export const MOST_SPREAD = 65_535;

/** What may follow some first digits. */
interface Node {
  /** A number ends here. */
  readonly ends: boolean;
  readonly branches: number;
  readonly text: string;
}

/**
 * A pattern of exactly these numbers, to stand between `^` and `$`.
 * @param intervals inclusive, from 0 to MOST_SPREAD
 */
export function sharedPattern(intervals: readonly (readonly [number, number])[]): string {
  const present = new Uint8Array(MOST_SPREAD + 1);
  for (const [low, high] of intervals) present.fill(1, low, high + 1);
  return `(${nodeOf(present, undefined).text})`;
}

/** @param head the digits so far; undefined before the first */
function nodeOf(present: Uint8Array, head: number | undefined): Node {
  const ends = head !== undefined && present[head] === 1;
  // Digits after which the same may follow share one branch.
  const digitsBefore = new Map<string, string>();
  // No number goes on after a leading zero.
  for (let digit = 0; digit < 10 && head !== 0; digit++) {
    const number = (head ?? 0) * 10 + digit;
    if (number > MOST_SPREAD) break;
    const rest = nodeOf(present, number);
    if (!rest.ends && rest.branches === 0) continue;
    const text = closed(rest);
    digitsBefore.set(text, `${digitsBefore.get(text) ?? ''}${digit}`);
  }
  const branches = [...digitsBefore].map(([rest, digits]) => classOf(digits) + rest);
  return { ends, branches: branches.length, text: rendered(ends, branches) };
}

function rendered(ends: boolean, branches: readonly string[]): string {
  if (!ends || branches.length === 0) return branches.join('|');
  const single = branches.length === 1 && /^(.|\[[^\]]*\]|\\d)$/.test(branches[0]);
  return single ? `${branches[0]}?` : `(${branches.join('|')})?`;
}

function closed({ ends, branches, text }: Node): string {
  return !ends && branches > 1 ? `(${text})` : text;
}

function classOf(digits: string): string {
  if (digits.length === 1) return digits;
  const runs: string[] = [];
  for (const digit of digits) {
    const last = runs.at(-1);
    if (last && Number(digit) === Number(last.at(-1)) + 1) runs[runs.length - 1] = last + digit;
    else runs.push(digit);
  }
  const text = runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run)).join('');
  return text === '0-9' ? '\\d' : `[${text}]`;
}
