/** Which document of the tree is what, by its path. */
import type { ConfigDocument } from '../ports/config-source.ts';
import type { Problem } from '../rules/problem.ts';
import { show } from '../rules/problem.ts';
import { didYouMean } from '../rules/suggest.ts';

/** The tree's branches. */
const KINDS = ['rules', 'lists', 'filters', 'silences', 'channels'] as const;

/** Folder names that rules cannot have, as they are branches of the tree on disk. */
const TAKEN: ReadonlySet<string> = new Set(['lists', 'filters', 'silences', 'channels']);

/** What Parameter Store takes as one level of a name. */
const LEVEL = /^[A-Za-z0-9_.-]+$/;
/** Levels of a name in Parameter Store, less two for /flowlog-alerts/{stage}. */
const MOST_LEVELS = 13;

/** The largest value of a parameter, in bytes. */
export const LARGEST_DOCUMENT = 8_192;

export interface Tree {
  readonly settings: readonly ConfigDocument[];
  readonly rules: readonly ConfigDocument[];
  /** By list name, in the order of their parts. */
  readonly lists: ReadonlyMap<string, readonly ConfigDocument[]>;
  readonly filters: readonly ConfigDocument[];
  readonly silences: readonly ConfigDocument[];
  readonly problems: readonly Problem[];
}

/** Sorts documents by path and into kinds; one whose path says nothing is reported and left out. */
export function sortTree(documents: readonly ConfigDocument[]): Tree {
  const problems: Problem[] = [];
  const kinds: Record<string, ConfigDocument[]> = {
    settings: [],
    rules: [],
    lists: [],
    filters: [],
    silences: [],
  };
  const seen = new Map<string, ConfigDocument>();
  for (const document of [...documents].sort((a, b) => compare(a.path, b.path))) {
    const kind = kindOf(document.path);
    // Channels hold secrets: they are not looked into, not even for mistakes.
    if (kind === 'channels') continue;
    const twin = seen.get(document.path);
    const wrong = twin
      ? { message: `${twin.origin} has the same path, ${document.path}`, hint: 'keep one of them' }
      : pathProblem(document.path, kind);
    seen.set(document.path, document);
    if (wrong) problems.push({ severity: 'error', ...place(document), ...wrong });
    else kinds[kind as string].push(document);
  }
  const { settings, rules, filters, silences } = kinds;
  return { settings, rules, filters, silences, lists: byName(kinds.lists), problems };
}

function kindOf(path: string): string | undefined {
  if (path === 'settings') return 'settings';
  const [kind, ...rest] = path.split('/');
  return rest.length > 0 && KINDS.some((name) => name === kind) ? kind : undefined;
}

function pathProblem(
  path: string,
  kind: string | undefined,
): { message: string; hint?: string } | undefined {
  const levels = path.split('/');
  if (kind === undefined) {
    const hint = didYouMean(levels[0], [...KINDS, 'settings']);
    return {
      message: `${show(path)} is no place for a document; there are settings and ${KINDS.join('/, ')}/`,
      ...(hint && { hint }),
    };
  }
  const odd = levels.find((level) => !LEVEL.test(level));
  if (odd !== undefined) {
    return {
      message: `${show(odd)} cannot be part of a parameter name`,
      hint: 'use a-z, 0-9 and -',
    };
  }
  if (levels.length > MOST_LEVELS)
    return { message: `the path has more than ${MOST_LEVELS} levels` };
  if (kind === 'lists' && levels.length > 3) {
    return { message: 'lists are lists/NAME or, in parts, lists/NAME/PART' };
  }
  if (kind !== 'rules') return undefined;
  const folder = levels.slice(1, -1).find((level) => TAKEN.has(level));
  if (folder) return { message: `a folder of rules cannot be called ${folder}` };
  if (levels.length === 2 && levels[1] === 'settings') {
    return { message: 'a rule cannot be called settings: on disk that is the settings file' };
  }
  return undefined;
}

/** The beginning of a document, as a problem gives it. */
export function place(document: ConfigDocument): Pick<Problem, 'origin' | 'line' | 'path'> {
  return { origin: document.origin, line: 1, path: '' };
}

function byName(lists: readonly ConfigDocument[]): Map<string, ConfigDocument[]> {
  const names = new Map<string, ConfigDocument[]>();
  for (const document of lists) {
    const name = document.path.split('/')[1];
    names.set(name, [...(names.get(name) ?? []), document]);
  }
  return names;
}

/** Order of texts that is the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
