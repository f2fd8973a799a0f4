import { distance } from 'fastest-levenshtein';

/** Edits within which a name is taken for a slip of another one. */
const NEAR = 2;

/**
 * The name that was probably meant: the same but for case or `_` against `-`, else the nearest
 * within two edits (one for names of up to three letters).
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const folded = fold(name);
  const limit = folded.length <= 3 ? 1 : NEAR;
  let best: string | undefined;
  let bestEdits = limit + 1;
  for (const candidate of candidates) {
    const edits = editsBetween(folded, fold(candidate));
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

/** The hint for a mistaken name, or undefined when nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const found = nearest(name, candidates);
  return found === undefined ? undefined : `did you mean ${found}?`;
}

/** Levenshtein's distance, but two letters the wrong way round are one slip. */
function editsBetween(a: string, b: string): number {
  if (a.length === b.length) {
    const wrong = [...a].flatMap((letter, index) => (letter === b[index] ? [] : [index]));
    const [first, second] = wrong;
    const neighbours = wrong.length === 2 && second === first + 1;
    if (neighbours && a[first] === b[second] && a[second] === b[first]) return 1;
  }
  return distance(a, b);
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
