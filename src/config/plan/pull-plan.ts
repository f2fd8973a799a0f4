/** What a pull of a stage's tree would do to a folder, document by document. */
import { compare } from '../tree.ts';
import { type Base, isAsBefore } from './base.ts';
import type { StoredDocument } from './parameters.ts';
import { type LocalDocument, sameParameters } from './push-plan.ts';

/**
 * `create`, `change` and `delete` are done to files. `kept` was changed in the folder alone: there
 * is nothing to pull. `conflict` was changed in the folder, and is not the same there. `only here`
 * is not there. `torn` is half of a push. `no file` is encrypted, or has a name that no file of a tree can have.
 */
export type PullAction =
  | 'create'
  | 'change'
  | 'unchanged'
  | 'kept'
  | 'only here'
  | 'delete'
  | 'conflict'
  | 'torn'
  | 'no file';

export interface PullStep {
  readonly path: string;
  readonly action: PullAction;
  readonly local?: LocalDocument;
  readonly stored?: StoredDocument;
}

export interface PullOptions {
  /** Deletes files that are not there. */
  readonly prune?: boolean;
  /** Overwrites, and with `prune` deletes, what was changed in the folder. */
  readonly force?: boolean;
}

export function planPull(
  local: readonly LocalDocument[],
  stored: readonly StoredDocument[],
  base: Base | undefined,
  options: PullOptions = {},
): PullStep[] {
  const here = new Map(local.map((document) => [document.path, document]));
  const there = new Map(stored.map((document) => [document.path, document]));
  /** File systems of macOS and Windows take `A.yaml` and `a.yaml` for one. */
  const names = new Map<string, string>();
  return [...new Set([...here.keys(), ...there.keys()])].sort(compare).map((path): PullStep => {
    const document = here.get(path);
    const held = there.get(path);
    const name = path.toLowerCase();
    const twin = names.get(name) ?? path;
    names.set(name, twin);
    const action =
      held && (isSecure(held) || (!document && (twin !== path || !canBeFile(path))))
        ? 'no file'
        : actionOf(document, held, base, options);
    return {
      path,
      action,
      ...(document && { local: document }),
      ...(held && { stored: held }),
    };
  });
}

function actionOf(
  local: LocalDocument | undefined,
  stored: StoredDocument | undefined,
  base: Base | undefined,
  { prune, force }: PullOptions,
): PullAction {
  const edited = local?.parameters.some((one) => !base || !isAsBefore(base, one)) ?? false;
  if (!stored) {
    // What was never there was not deleted there either.
    if (!prune || (edited && !force)) return 'only here';
    return 'delete';
  }
  if (local && sameParameters(local.parameters, stored.parameters)) return 'unchanged';
  if (stored.torn) return 'torn';
  if (!local) return 'create';
  if (!edited || force) return 'change';
  const sameThere = base && stored.parameters.every((one) => isAsBefore(base, one));
  return sameThere ? 'kept' : 'conflict';
}

function isSecure({ parameters }: StoredDocument): boolean {
  return parameters.some(({ secure }) => secure);
}

const BRANCHES: ReadonlySet<string> = new Set(['rules', 'lists', 'filters', 'silences']);
/** Folders of rules that would be read as another branch of the tree. */
const TAKEN: ReadonlySet<string> = new Set(['lists', 'filters', 'silences', 'channels']);

/**
 * Whether a file stands for the parameter: names that begin with a dot are passed over when a folder
 * is read, and `..` would leave it.
 */
function canBeFile(path: string): boolean {
  const [branch, ...levels] = path.split('/');
  if (levels.length === 0) return path === 'settings';
  if (!BRANCHES.has(branch)) return false;
  if (levels.some((level) => !/^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/.test(level))) return false;
  if (levels.includes('node_modules')) return false;
  if (branch !== 'rules') return true;
  return path !== 'rules/settings' && !(levels.length > 1 && TAKEN.has(levels[0]));
}
