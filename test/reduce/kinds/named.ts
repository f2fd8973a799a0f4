import type { Alert } from '../../../src/alerts/alert.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';

/** An alert's rule and group as the oracle writes them. */
export function namedGroup(rules: readonly CompiledRule[], { rule, group }: Alert): string {
  const { by, detect } = rules.find(({ id }) => id === rule.id) ?? { by: [], detect: undefined };
  const source = group.logGroup ?? group.file;
  if (detect?.kind === 'absent' && source !== undefined) return `${rule.id} source ${source}`;
  return `${rule.id} ${JSON.stringify(by.map(({ field }) => group[field] ?? null))}`;
}
