/** All rules of a configuration: which documents hold which, and which of them are in force. */
import type { ConfigDocument } from '../ports/config-source.ts';
import { compileRule, type RuleResult } from '../rules/compile.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import type { RuleStep } from '../rules/detect-conditions.ts';
import { hasErrors, type Problem } from '../rules/problem.ts';
import type { RuleDocument } from '../rules/schema.ts';
import type { ListLookup } from '../rules/values.ts';
import { type GoodKeeper, ruleKey } from './good.ts';
import { RESERVED_IDS } from './system-rules.ts';
import { readConfigDocument } from './text.ts';

/**
 * What became of a rule document. `kept`: it has errors, and an earlier version stays in force;
 * `bad`: it has errors and there is none; `duplicate`: an older document has the id;
 * `replaced`: a built-in whose id a document has; `left out`: a built-in that settings do not name.
 */
export type RuleState =
  | 'in force'
  | 'disabled'
  | 'kept'
  | 'bad'
  | 'duplicate'
  | 'replaced'
  | 'left out';

export interface RuleEntry {
  readonly id: string;
  /** What a person would open, the path in the tree, and the line of the document in it. */
  readonly origin: string;
  readonly path: string;
  readonly line: number;
  readonly builtin: boolean;
  readonly state: RuleState;
  /** As written, defaults filled in and keys with errors left out; undefined if it is no block. */
  readonly document?: RuleDocument;
  /** This text in normal form; absent when it has errors. */
  readonly compiled?: CompiledRule;
  readonly notes: readonly string[];
  /** Steps of a sequence that wait for other rules. */
  readonly reads: readonly RuleStep[];
}

interface Candidate {
  readonly source: ConfigDocument;
  readonly result: RuleResult;
  readonly text: string;
}

export interface RuleBook {
  readonly entries: readonly RuleEntry[];
  /** In force by id, from documents alone; undefined: disabled by its document. */
  readonly rules: ReadonlyMap<string, CompiledRule | undefined>;
  readonly problems: readonly Problem[];
}

/** Reads the rules of the tree; a bad one falls back on its last good version. */
export function readRules(
  documents: readonly ConfigDocument[],
  lists: ListLookup,
  good: GoodKeeper,
): RuleBook {
  const problems: Problem[] = [];
  const candidates = new Map<string, Candidate[]>();
  /** Paths with a document of which not even the id can be told. */
  const unreadable: string[] = [];
  for (const source of documents) {
    const { problems: unread, documents: parts } = readConfigDocument(source);
    const fallbackId = source.path.slice(source.path.lastIndexOf('/') + 1);
    // Of several rules in one text, nobody can say which one it is that cannot be read.
    const name = parts.length === 0 ? { rule: fallbackId } : {};
    problems.push(...unread.map((problem) => ({ ...problem, ...name })));
    if (unread.length > 0) unreadable.push(source.path);
    for (const part of parts) {
      const result = compileRule(part, { origin: source.origin, fallbackId, lists });
      problems.push(...result.problems);
      if (result.id === undefined) {
        unreadable.push(source.path);
      } else {
        const same = candidates.get(result.id) ?? [];
        candidates.set(result.id, [...same, { source, result, text: part.text }]);
      }
    }
  }
  const rules = new Map<string, CompiledRule | undefined>();
  const entries = [...candidates].flatMap(([id, given]) =>
    settle(id, given, { rules, problems, lists, good }),
  );
  for (const path of new Set(unreadable)) {
    for (const key of good.formerly(path)) {
      const id = key.slice(ruleKey('').length);
      if (!candidates.has(id)) fallBack(id, rules, lists, good);
    }
  }
  return { entries, rules, problems };
}

interface Settling {
  readonly rules: Map<string, CompiledRule | undefined>;
  readonly problems: Problem[];
  readonly lists: ListLookup;
  readonly good: GoodKeeper;
}

/** Decides among the documents that have one id: the oldest counts. */
function settle(id: string, given: readonly Candidate[], settling: Settling): RuleEntry[] {
  const { rules, problems, lists, good } = settling;
  const age = ({ source }: Candidate) => source.modified ?? Number.POSITIVE_INFINITY;
  const [first, ...later] = [...given].sort((a, b) =>
    age(a) < age(b) ? -1 : age(a) > age(b) ? 1 : 0,
  );
  for (const { source, result } of later) {
    const line = result.line;
    problems.push({
      severity: 'error',
      rule: id,
      origin: source.origin,
      line,
      path: 'id',
      message: `the id ${id} is taken by ${first.source.origin}:${first.result.line}, which stays in force`,
      hint: 'give one of them another id',
    });
  }
  const state = judge(id, first, settling);
  if (state === 'in force' || state === 'disabled') {
    rules.set(id, state === 'disabled' ? undefined : first.result.compiled);
    good.keep(ruleKey(id), first.source, first.text);
  }
  const kept = state === 'bad' && fallBack(id, rules, lists, good);
  return [
    entry(id, first, kept ? 'kept' : state),
    ...later.map((candidate) => entry(id, candidate, 'duplicate')),
  ];
}

function judge(id: string, { source, result }: Candidate, { problems }: Settling): RuleState {
  if (RESERVED_IDS.has(id)) {
    const { origin } = source;
    const message = `the id ${id} belongs to a rule of the service itself`;
    const hint = 'choose another id';
    problems.push({
      severity: 'error',
      rule: id,
      origin,
      line: result.line,
      path: 'id',
      message,
      hint,
    });
    return 'bad';
  }
  if (!result.compiled || hasErrors(result.problems)) return 'bad';
  return result.document?.enabled ? 'in force' : 'disabled';
}

/** Puts the last good version of a rule in force; false if there is none that is still good. */
function fallBack(
  id: string,
  rules: Map<string, CompiledRule | undefined>,
  lists: ListLookup,
  good: GoodKeeper,
): boolean {
  const former = lastGood(id, lists, good);
  if (!former) return false;
  rules.set(id, former.enabled ? former.rule : undefined);
  return true;
}

/** The last good version of a rule, if there is one that is still good by itself. */
export function lastGood(
  id: string,
  lists: ListLookup,
  good: GoodKeeper,
): { readonly rule: CompiledRule; readonly enabled: boolean } | undefined {
  const former = good.fallBack(ruleKey(id));
  const [part] = former ? readConfigDocument(former).documents : [];
  if (!former || !part) return undefined;
  const source = { origin: former.origin, fallbackId: id, lists };
  const { compiled, document } = compileRule(part, source);
  return compiled && { rule: compiled, enabled: document?.enabled === true };
}

/** Describes a document for `rules check` and rule tests. */
function entry(id: string, { source, result }: Candidate, state: RuleState): RuleEntry {
  return {
    id,
    origin: source.origin,
    path: source.path,
    line: result.line,
    builtin: false,
    state,
    ...(result.document && { document: result.document }),
    ...(result.compiled && { compiled: result.compiled }),
    notes: result.notes,
    reads: result.reads,
  };
}
