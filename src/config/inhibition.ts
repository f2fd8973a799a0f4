/** Rules that hold others back: whether those are there. */
import { kindOf } from '../detect/index.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { mayInhibit } from '../rules/inhibition.ts';
import { type Problem, show } from '../rules/problem.ts';
import { didYouMean } from '../rules/suggest.ts';
import type { RuleEntry } from './rule-book.ts';

/** Warns of names that no rule has, and of rules that hold nothing back. */
export function idleInhibitions(
  rules: ReadonlyMap<string, CompiledRule>,
  entries: readonly RuleEntry[],
): Problem[] {
  const names = new Set(entries.flatMap(({ id, document }) => [id, ...(document?.tags ?? [])]));
  return [...rules.values()].flatMap((rule): Problem[] => {
    const { id, inhibits, mode } = rule;
    const entry = entries.find((one) => one.id === id && one.state !== 'duplicate');
    if (!inhibits || !entry) return [];
    const { origin, line } = entry;
    const at = { severity: 'warning', rule: id, origin, line } as const;
    const unknown = (inhibits.rules ?? []).filter((name) => !names.has(name));
    if (unknown.length > 0) {
      return unknown.map((name) => {
        const hint = didYouMean(name, names);
        const message = `no rule has the id or tag ${show(name)}`;
        return { ...at, path: 'inhibits.rules', message, ...(hint && { hint }) };
      });
    }
    if (mode !== 'live' || [...rules.values()].some((other) => mayInhibit(rule, other))) return [];
    const fields = inhibits.equal.join(' and ');
    const message = `it holds nothing back: no rule in force that it could hold back groups by ${fields}`;
    return [{ ...at, path: 'inhibits', message }];
  });
}

/** Whether firings of a rule, or of one that it waits for, are known only when they have settled. */
export function comesLate(
  rule: CompiledRule,
  rulesRead: (rule: CompiledRule) => readonly string[],
  rules: ReadonlyMap<string, CompiledRule>,
  passed: ReadonlySet<string> = new Set(),
): boolean {
  if (kindOf(rule.detect).timing !== 'grows') return true;
  if (passed.has(rule.id)) return false;
  const through = new Set([...passed, rule.id]);
  return rulesRead(rule).some((id) => {
    const read = rules.get(id);
    return read !== undefined && comesLate(read, rulesRead, rules, through);
  });
}
