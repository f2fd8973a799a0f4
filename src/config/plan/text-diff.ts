/** The difference of two texts, as `diff -u` writes it. */

/** Lines of context around a change. */
const CONTEXT = 3;
/** Edits beyond which texts are called different throughout: finding the least takes their square. */
const MOST_EDITS = 1_000;

/** Begins with a blank, `-` or `+` as in a patch. */
type Line = `${' ' | '-' | '+'}${string}`;

/**
 * The lines of a unified diff, without file names; none where the texts are equal.
 * @see https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
 */
export function unifiedDiff(before: string, after: string): string[] {
  if (before === after) return [];
  const script = editScript(linesOf(before), linesOf(after));
  return hunks(script);
}

/** A text that does not end in a line break differs from one that does. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop() as string;
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

function editScript(before: readonly string[], after: readonly string[]): Line[] {
  const shortest = Math.min(before.length, after.length);
  let head = 0;
  while (head < shortest && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shortest - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const end = before.length - tail;
  return [
    ...before.slice(0, head).map((line): Line => ` ${line}`),
    ...shortestEdits(before.slice(head, end), after.slice(head, after.length - tail)),
    ...before.slice(end).map((line): Line => ` ${line}`),
  ];
}

/** E. W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986: the greedy form. */
function shortestEdits(before: readonly string[], after: readonly string[]): Line[] {
  const most = Math.min(MOST_EDITS, before.length + after.length);
  /** For each number of edits, how far down `before` each diagonal comes with them. */
  const trace: Map<number, number>[] = [];
  let reach = new Map([[1, 0]]);
  for (let edits = 0; edits <= most; edits++) {
    const next = new Map<number, number>();
    for (let k = -edits; k <= edits; k += 2) {
      const down =
        k === -edits || (k !== edits && (reach.get(k - 1) ?? 0) < (reach.get(k + 1) ?? 0));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++;
      next.set(k, x);
      if (x >= before.length && x - k >= after.length) return walkBack(before, after, trace, edits);
    }
    trace.push(next);
    reach = next;
  }
  return [...before.map((line): Line => `-${line}`), ...after.map((line): Line => `+${line}`)];
}

function walkBack(
  before: readonly string[],
  after: readonly string[],
  trace: readonly Map<number, number>[],
  edits: number,
): Line[] {
  const script: Line[] = [];
  let x = before.length;
  let y = after.length;
  for (let d = edits; d > 0; d--) {
    const reach = trace[d - 1];
    const k = x - y;
    const down = k === -d || (k !== d && (reach.get(k - 1) ?? 0) < (reach.get(k + 1) ?? 0));
    const fromX = reach.get(down ? k + 1 : k - 1) ?? 0;
    const fromY = fromX - (down ? k + 1 : k - 1);
    while (x > fromX + (down ? 0 : 1) && y > fromY + (down ? 1 : 0)) {
      script.push(` ${before[x - 1]}`);
      x--;
      y--;
    }
    script.push(down ? `+${after[y - 1]}` : `-${before[x - 1]}`);
    x = fromX;
    y = fromY;
  }
  while (x > 0) script.push(` ${before[--x]}`);
  return script.reverse();
}

function hunks(script: readonly Line[]): string[] {
  const changed = script.flatMap((line, i) => (line.startsWith(' ') ? [] : [i]));
  const result: string[] = [];
  for (let first = 0; first < changed.length; ) {
    let last = first;
    while (last + 1 < changed.length && changed[last + 1] - changed[last] <= 2 * CONTEXT) last++;
    const from = Math.max(0, changed[first] - CONTEXT);
    const to = Math.min(script.length, changed[last] + CONTEXT + 1);
    const lines = script.slice(from, to);
    const counted = (part: readonly Line[], sign: '-' | '+') =>
      part.filter((line) => line.startsWith(' ') || line.startsWith(sign)).length;
    const range = (sign: '-' | '+') => {
      const count = counted(lines, sign);
      const start = counted(script.slice(0, from), sign) + (count === 0 ? 0 : 1);
      return `${sign}${start}${count === 1 ? '' : `,${count}`}`;
    };
    result.push(`@@ ${range('-')} ${range('+')} @@`, ...lines.flatMap((line) => line.split('\n')));
    first = last + 1;
  }
  return result;
}
