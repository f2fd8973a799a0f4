/** What is wrong with a document, as data: the command line, `reconcile` and tests all read it. */

export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Id of the rule, list or filter, where it is known. */
  readonly rule?: string;
  /** What a person would open: file name or parameter name. */
  readonly origin: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column?: number;
  /** Where in the document, e.g. `match.any[0].dstport`; empty for the whole of it. */
  readonly path: string;
  /** What was found and what is allowed. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
}

/** A place in a document: keys and indexes from its root. */
export type Path = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z0-9_-]+$/;

/** Prints a place as `match.any[0].dstport`; a key with odd characters is quoted. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (PLAIN_KEY.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** One line for a person: `origin:line rule path: message (hint)`. */
export function formatProblem(problem: Problem): string {
  const where = [`${problem.origin}:${problem.line}`, problem.rule, problem.path].filter(Boolean);
  const hint = problem.hint ? ` (${problem.hint})` : '';
  return `${where.join(' ')}: ${problem.message}${hint}`;
}

/** Whether anything in there keeps a document from being used. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

/** Sorts by file, then by line, errors first. */
export function compareProblems(a: Problem, b: Problem): number {
  if (a.origin !== b.origin) return a.origin < b.origin ? -1 : 1;
  if (a.line !== b.line) return a.line - b.line;
  return a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1;
}

const LONGEST_SHOWN = 60;

/** A found value as a message quotes it: JSON, cut where it is long. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing (null)';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list ${cut(value)}`;
  if (typeof value === 'object') {
    return Object.keys(value).length === 0 ? 'an empty block' : `a block ${cut(value)}`;
  }
  return cut(value);
}

function cut(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 3)}...` : text;
}
