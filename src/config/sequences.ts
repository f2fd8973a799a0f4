/** Sequences that wait for other rules: whether those are there, and whether anything reads a signal. */
import type { CompiledRule } from '../rules/compiled.ts';
import type { Problem } from '../rules/problem.ts';
import { didYouMean } from '../rules/suggest.ts';
import { comesLate } from './inhibition.ts';
import type { RuleEntry, RuleState } from './rule-book.ts';

export interface SequenceCheck {
  /** Rules in force by id; sequences that cannot work leave it, or an earlier version takes their place. */
  readonly rules: Map<string, CompiledRule>;
  readonly entries: readonly RuleEntry[];
  /** The last good version of a rule, if it has one and was not switched off. */
  readonly lastGood: (id: string) => CompiledRule | undefined;
}

export interface SequenceResult {
  readonly entries: readonly RuleEntry[];
  readonly problems: readonly Problem[];
}

/** Ids of the rules that a rule waits for. */
export function rulesRead({ detect }: Pick<CompiledRule, 'detect'>): string[] {
  if (detect.kind !== 'sequence') return [];
  return detect.steps.flatMap((step) => ('rule' in step ? [step.rule] : []));
}

/**
 * Takes sequences out of force that wait for a rule which is not there, does not tell their groups
 * apart or waits for them; one that has a last good version goes back to it. That may break others,
 * so it goes on until nothing does.
 */
export function checkSequences({ rules, entries, lastGood }: SequenceCheck): SequenceResult {
  const problems: Problem[] = [];
  const states = new Map<string, RuleState>();
  for (const { id, state } of entries) if (state === 'kept') states.set(id, state);
  for (;;) {
    const faults = [...rules.values()].flatMap((rule) => faultOf(rule, rules, entries) ?? []);
    if (faults.length === 0) break;
    for (const { rule, read, message, hint } of faults) {
      const entry = entryOf(entries, rule.id);
      const former = entry?.builtin || states.has(rule.id) ? undefined : lastGood(rule.id);
      // An earlier version is mostly wrong in the same way.
      if (!problems.some((told) => told.rule === rule.id && told.message === message)) {
        problems.push(problemAt(entry, rule.id, read, message, hint));
      }
      states.set(rule.id, former ? 'kept' : 'bad');
      if (former) rules.set(rule.id, former);
      else rules.delete(rule.id);
    }
  }
  const inForce = (entry: RuleEntry) => entry.state === 'in force' || entry.state === 'kept';
  return {
    entries: entries.map((entry) =>
      inForce(entry) ? { ...entry, state: states.get(entry.id) ?? entry.state } : entry,
    ),
    problems,
  };
}

interface Fault {
  readonly rule: CompiledRule;
  readonly read: string;
  readonly message: string;
  readonly hint: string | undefined;
}

function faultOf(
  rule: CompiledRule,
  rules: ReadonlyMap<string, CompiledRule>,
  entries: readonly RuleEntry[],
): Fault | undefined {
  for (const read of rulesRead(rule)) {
    const other = rules.get(read);
    if (read === rule.id) {
      const hint = 'write its conditions into a step of its own';
      return { rule, read, message: `${rule.id} waits for itself`, hint };
    }
    if (!other) return { rule, read, ...whyMissing(rule.id, read, entries) };
    const groups = other.by.map(({ field }) => field);
    const lacking = rule.by.map(({ field }) => field).filter((field) => !groups.includes(field));
    if (lacking.length > 0) {
      const names = lacking.join(' and ');
      const message = `the rule ${read} does not group by ${names}, as ${rule.id} does: whose firings they are cannot be told`;
      return { rule, read, message, hint: `add ${names} to by of ${read}, or take it out here` };
    }
    if (rule.inhibits && comesLate(other, rulesRead, rules)) {
      const message = `${read} is judged only when its window has settled, so ${rule.id}, which waits for it, comes too late to hold others back`;
      return { rule, read, message, hint: `take inhibits out of ${rule.id}` };
    }
    const circle = pathTo(rule.id, other, rules, []);
    if (circle) {
      const chain = [rule.id, ...circle, rule.id].join(' -> ');
      const message = `${rule.id} waits for ${read}, which waits for ${rule.id}: ${chain}`;
      return { rule, read, message, hint: 'take one of these steps out' };
    }
  }
  return undefined;
}

function whyMissing(
  id: string,
  read: string,
  entries: readonly RuleEntry[],
): { readonly message: string; readonly hint: string | undefined } {
  const entry = entryOf(entries, read);
  switch (entry?.state) {
    case 'disabled':
      return {
        message: `the rule ${read} is disabled, so ${id} could never fire`,
        hint: `enable ${read}, with mode: signal if it should notify nobody, or disable ${id} too`,
      };
    case 'left out':
      return {
        message: `the built-in rule ${read} is left out, so ${id} could never fire`,
        hint: `name ${read} under builtin in the settings`,
      };
    case undefined: {
      const message = `there is no rule ${read}, so ${id} could never fire`;
      return { message, hint: didYouMean(read, new Set(entries.map((one) => one.id))) };
    }
    default:
      return {
        message: `the rule ${read} has errors and is not in force, so ${id} could never fire`,
        hint: `mend ${read}`,
      };
  }
}

/** The rules from `from` on to one that waits for `id`, if there is such a way. */
function pathTo(
  id: string,
  from: CompiledRule,
  rules: ReadonlyMap<string, CompiledRule>,
  passed: readonly string[],
): string[] | undefined {
  const reads = rulesRead(from);
  if (reads.includes(id)) return [...passed, from.id];
  for (const read of reads) {
    const next = rules.get(read);
    if (!next || read === from.id || passed.includes(read)) continue;
    const path = pathTo(id, next, rules, [...passed, from.id]);
    if (path) return path;
  }
  return undefined;
}

/** Warns of rules of mode signal that no sequence waits for. */
export function unreadSignals(
  rules: ReadonlyMap<string, CompiledRule>,
  entries: readonly RuleEntry[],
): Problem[] {
  const read = new Set([...rules.values()].flatMap(rulesRead));
  const unread = [...rules.values()].filter(({ id, mode }) => mode === 'signal' && !read.has(id));
  return unread.flatMap(({ id }) => {
    const entry = entryOf(entries, id);
    if (!entry) return [];
    const { origin, line } = entry;
    const message = `nothing reads it: no sequence in force has a step { rule: ${id} }`;
    const hint = 'mode: live notifies, mode: shadow only counts';
    return [{ severity: 'warning', rule: id, origin, line, path: 'mode', message, hint }];
  });
}

/** The document that speaks for an id: the tree's own comes before a built-in one. */
function entryOf(entries: readonly RuleEntry[], id: string): RuleEntry | undefined {
  return entries.find((entry) => entry.id === id && entry.state !== 'duplicate');
}

function problemAt(
  entry: RuleEntry | undefined,
  rule: string,
  read: string,
  message: string,
  hint: string | undefined,
): Problem {
  const step = entry?.reads.find((one) => one.rule === read);
  return {
    severity: 'error',
    rule,
    origin: entry?.origin ?? rule,
    line: step?.line ?? entry?.line ?? 1,
    ...(step && { column: step.column }),
    path: step?.path ?? 'detect.sequence',
    message,
    ...(hint && { hint }),
  };
}
