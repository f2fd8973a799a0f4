/** What a push of a folder would do to a stage's tree, document by document. */
import type { ConfigDocument } from '../../ports/config-source.ts';
import type { StoredParameter } from '../../ports/parameter-writer.ts';
import type { Problem } from '../../rules/problem.ts';
import { compare } from '../tree.ts';
import { type Base, isAsBefore } from './base.ts';
import { parametersOf, type StoredDocument, type WantedParameter } from './parameters.ts';

/** A document of the folder. */
export interface LocalDocument extends ConfigDocument {
  readonly parameters: readonly WantedParameter[];
}

/**
 * `create` and `change` are written. `only there` stays, `delete` is the same with --prune.
 * `conflict` was changed in Parameter Store since this folder last had it, and is left alone.
 */
export type PushAction = 'create' | 'change' | 'unchanged' | 'only there' | 'delete' | 'conflict';

export interface PushStep {
  readonly path: string;
  readonly action: PushAction;
  readonly local?: LocalDocument;
  readonly stored?: StoredDocument;
  /** Parameters to be written, in this order. */
  readonly writes: readonly WantedParameter[];
  /** Parameters to be deleted. */
  readonly removals: readonly string[];
}

export interface PushPlan {
  /** By path. */
  readonly steps: readonly PushStep[];
  /** What makes the push impossible. */
  readonly problems: readonly Problem[];
}

export interface PushOptions {
  /**
   * Deletes what is only there. Silences alone are left where the folder has none: people make them
   * as they need them, beside any folder.
   */
  readonly prune?: boolean;
  /** Overwrites what was changed there. */
  readonly force?: boolean;
}

/** Documents of a folder with what they are pushed as. */
export function localDocuments(documents: readonly ConfigDocument[]): LocalDocument[] {
  return documents
    .map((document) => ({ ...document, parameters: parametersOf(document.path, document.text) }))
    .sort((a, b) => compare(a.path, b.path));
}

/** @param base undefined where the folder and the stage have nothing in common yet */
export function planPush(
  local: readonly LocalDocument[],
  stored: readonly StoredDocument[],
  base: Base | undefined,
  options: PushOptions = {},
): PushPlan {
  const here = new Map(local.map((document) => [document.path, document]));
  const there = new Map(stored.map((document) => [document.path, document]));
  const wanted = new Set(local.flatMap(({ parameters }) => parameters.map(({ path }) => path)));
  const texts = new Map(
    stored.flatMap(({ parameters }) => parameters.map(({ path, text }) => [path, text])),
  );
  const paths = [...new Set([...here.keys(), ...there.keys()])].sort(compare);
  const keepsSilences = !local.some(({ path }) => isSilence(path));
  const steps = paths.map((path): PushStep => {
    const prune = options.prune === true && !(keepsSilences && isSilence(path));
    const document = here.get(path);
    const held = there.get(path);
    const action = actionOf(document, held, base, { ...options, prune });
    const step = {
      path,
      action,
      ...(document && { local: document }),
      ...(held && { stored: held }),
    };
    if (action === 'create' || action === 'change') {
      const differing = document?.parameters.filter((one) => texts.get(one.path) !== one.text);
      return { ...step, writes: inOrder(differing ?? [], held), removals: gone(held, wanted) };
    }
    return { ...step, writes: [], removals: action === 'delete' ? gone(held, wanted) : [] };
  });
  return { steps, problems: [...clashes(local), ...encrypted(steps)] };
}

function isSilence(path: string): boolean {
  return path.startsWith('silences/');
}

function actionOf(
  local: LocalDocument | undefined,
  stored: StoredDocument | undefined,
  base: Base | undefined,
  { prune, force }: PushOptions,
): PushAction {
  if (!stored) return 'create';
  if (local && sameParameters(local.parameters, stored.parameters)) return 'unchanged';
  if (!local && !prune) return 'only there';
  // Without a base nobody can say whose change came later, and the folder counts, as with kubectl.
  if (base && !force && changedThere(base, stored, local).length > 0) return 'conflict';
  return local ? 'change' : 'delete';
}

export function sameParameters(
  some: readonly WantedParameter[],
  others: readonly WantedParameter[],
): boolean {
  const texts = new Map(others.map(({ path, text }) => [path, text]));
  return some.length === others.length && some.every(({ path, text }) => texts.get(path) === text);
}

/** Parameters that are neither what the folder had last nor, after half a push, what it has now. */
function changedThere(
  base: Base,
  { parameters }: StoredDocument,
  local: LocalDocument | undefined,
): StoredParameter[] {
  const wanted = new Map(local?.parameters.map(({ path, text }) => [path, text]));
  return parameters.filter(
    (parameter) => wanted.get(parameter.path) !== parameter.text && !isAsBefore(base, parameter),
  );
}

/** Parameters of a document that the folder has not. */
function gone(stored: StoredDocument | undefined, wanted: ReadonlySet<string>): string[] {
  return (stored?.parameters ?? []).map(({ path }) => path).filter((path) => !wanted.has(path));
}

/**
 * Values that move from one part to another are in both for a while, not in neither: where a list
 * grew, they move to later parts, which are written first.
 */
function inOrder(
  parts: readonly WantedParameter[],
  stored: StoredDocument | undefined,
): WantedParameter[] {
  const size = (all: readonly { readonly text: string }[]) =>
    all.reduce((sum, { text }) => sum + text.length, 0);
  const before = stored?.parameters.filter(({ path }) => parts.some((part) => part.path === path));
  return size(parts) > size(before ?? []) ? [...parts].reverse() : [...parts];
}

/** A list's parts where another document is; two files of one path are told by the compiler. */
function clashes(local: readonly LocalDocument[]): Problem[] {
  const owners = new Map<string, LocalDocument>();
  const problems: Problem[] = [];
  for (const document of local) {
    for (const { path } of document.parameters) {
      const other = owners.get(path);
      owners.set(path, document);
      if (!other || other.path === document.path) continue;
      const [long, part] = other.parameters.length > 1 ? [other, document] : [document, other];
      problems.push({
        ...errorAt(part.origin),
        message: `${long.origin} is too long for one parameter and is pushed in parts, of which ${path} is one`,
        hint: 'keep one of the two',
      });
    }
  }
  return problems;
}

function encrypted(steps: readonly PushStep[]): Problem[] {
  return steps
    .filter(({ writes }) => writes.length > 0)
    .flatMap(({ stored }) => stored?.parameters ?? [])
    .filter(({ secure }) => secure)
    .map(({ origin }) => ({
      ...errorAt(origin),
      message: 'is a SecureString, which cannot become a String',
      hint: 'delete it in Parameter Store, then push again',
    }));
}

function errorAt(origin: string): Pick<Problem, 'severity' | 'origin' | 'line' | 'path'> {
  return { severity: 'error', origin, line: 1, path: '' };
}
