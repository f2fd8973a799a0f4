/** The order of writes, so that a push that stops half-way leaves nothing that names what is not there. */
import type { RuleEntry } from '../rule-book.ts';
import type { PushStep } from './push-plan.ts';

const KINDS = ['lists', 'rules', 'filters', 'silences', 'settings'] as const;

/**
 * Lists before the rules that name them, rules before the sequences that wait for them, then what
 * names rules.
 * @param rules of the tree as it will be
 */
export function writeOrder(steps: readonly PushStep[], rules: readonly RuleEntry[]): PushStep[] {
  const depths = depthsOf(rules);
  const rank = ({ path }: PushStep) => kindOf(path) * 1_000 + (depths.get(path) ?? 0);
  return steps.filter(({ writes }) => writes.length > 0).sort((a, b) => rank(a) - rank(b));
}

/** The reverse: what names others goes before them. */
export function deleteOrder(steps: readonly PushStep[], rules: readonly RuleEntry[]): PushStep[] {
  const depths = depthsOf(rules);
  const rank = ({ path }: PushStep) => kindOf(path) * 1_000 + (depths.get(path) ?? 0);
  return steps.filter(({ action }) => action === 'delete').sort((a, b) => rank(b) - rank(a));
}

function kindOf(path: string): number {
  return KINDS.findIndex((kind) => path.startsWith(kind));
}

/** By path of a document: through how many others its rules wait for rules. */
function depthsOf(rules: readonly RuleEntry[]): Map<string, number> {
  const byId = new Map(rules.map((entry) => [entry.id, entry]));
  const depths = new Map<string, number>();
  const depth = (path: string, above: ReadonlySet<string>): number => {
    const known = depths.get(path);
    if (known !== undefined) return known;
    // Two documents may wait for rules in each other, though no two rules may.
    if (above.has(path)) return 0;
    const within = new Set([...above, path]);
    const read = rules
      .filter((entry) => entry.path === path)
      .flatMap(({ reads }) => reads.flatMap(({ rule }) => byId.get(rule)?.path ?? []))
      .filter((other) => other !== path);
    return Math.max(0, ...read.map((other) => 1 + depth(other, within)));
  };
  const waiting = rules.filter(({ reads }) => reads.length > 0);
  for (const { path } of waiting) depths.set(path, depth(path, new Set()));
  return depths;
}
