/** The whole configuration, from its documents to the snapshot that the hot functions read. */
import type { ConfigDocument, FlowLogFacts } from '../ports/config-source.ts';
import type { CompiledFilter, CompiledList, CompiledRule, Match } from '../rules/compiled.ts';
import { listsIn, matchesOf } from '../rules/match.ts';
import { compareProblems, type Problem } from '../rules/problem.ts';
import { selectBuiltin } from './builtin.ts';
import { compileFilter, type KnownRules } from './filters.ts';
import { warnOfFullMetrics } from './full-metrics.ts';
import { GoodKeeper, type GoodVersions } from './good.ts';
import { idleInhibitions } from './inhibition.ts';
import { ListBook } from './list-book.ts';
import { lastGood, type RuleEntry, readRules } from './rule-book.ts';
import { checkSequences, unreadSignals } from './sequences.ts';
import {
  compileSettings,
  DEFAULT_SETTINGS,
  type Formats,
  mergeFormats,
  type Settings,
} from './settings.ts';
import { compileSilence, type SilencedRules } from './silences.ts';
import type { CompiledSilence, Snapshot } from './snapshot.ts';
import { TEST_ALERT_RULE } from './system-rules.ts';
import { compare, sortTree, type Tree } from './tree.ts';

export interface CompileOptions {
  /** The rules that come with the service and the lists they name, as a tree of their own. */
  readonly builtin: readonly ConfigDocument[];
  /** LogFormat strings by log group, from DescribeFlowLogs. */
  readonly formats: Formats;
  /** What else DescribeFlowLogs says of a log group. */
  readonly flowLogs?: Readonly<Record<string, FlowLogFacts>>;
  /**
   * True for a deployed service: built-in rules are in force unless settings say otherwise, and the
   * rule `test-alert` always. False for a folder: built-in rules only where its settings ask.
   */
  readonly builtinDefault: boolean;
  /** What an earlier result gave as `good`: a document with errors falls back on it. */
  readonly previous?: GoodVersions;
}

export interface CompiledConfig {
  readonly snapshot: Snapshot;
  /** By file and line. */
  readonly problems: readonly Problem[];
  /** Every rule document of which the id can be told, built-in ones last. */
  readonly rules: readonly RuleEntry[];
  readonly settings: Settings;
  /** The versions in force, for the next time. */
  readonly good: GoodVersions;
}

/**
 * Compiles a tree. Pure: equal documents give an equal snapshot, whatever their order. A document
 * with errors is reported and disables nothing but itself.
 */
export function compileConfig(
  documents: readonly ConfigDocument[],
  options: CompileOptions,
): CompiledConfig {
  const tree = sortTree(documents);
  const good = new GoodKeeper(options.previous);
  const problems: Problem[] = [...tree.problems];
  const settings = readSettings(tree, good, problems);
  // The built-in rules speak of lists that lie beside them; a list of the same name replaces one.
  const lists = new ListBook(tree.lists, sortTree(options.builtin).lists, good);
  const own = readRules(tree.rules, lists, good);
  const builtin = selectBuiltin(
    options.builtin,
    settings.builtin ?? options.builtinDefault,
    new Set(own.rules.keys()),
    lists,
    tree.settings[0]?.origin ?? 'settings',
  );
  const inForce = new Map(builtin.rules);
  for (const [id, rule] of own.rules) if (rule) inForce.set(id, rule);
  const checked = checkSequences({
    rules: inForce,
    entries: [...own.entries, ...builtin.entries],
    lastGood: (id) => {
      const former = lastGood(id, lists, good);
      return former?.enabled ? former.rule : undefined;
    },
  });
  const { entries } = checked;
  problems.push(
    ...checked.problems,
    ...unreadSignals(inForce, entries),
    ...idleInhibitions(inForce, entries),
  );
  const rules = [...inForce.values()];
  const filters = readFilters(tree, known(rules, entries), lists, good, problems);
  const silences = readSilences(tree, known(rules, entries), good, problems);
  problems.push(...own.problems, ...builtin.problems, ...lists.problems);
  problems.push(...warnOfFullMetrics(tree.settings[0], settings, rules));
  const system = options.builtinDefault ? [TEST_ALERT_RULE] : [];
  return {
    snapshot: {
      version: 1,
      settings: settings.engine,
      rules: [...rules, ...system].sort((a, b) => compare(a.id, b.id)),
      filters,
      lists: usedLists([...rules.flatMap(matchesOf), ...filters.map(({ match }) => match)], lists),
      formats: mergeFormats(options.formats, settings.formats),
      ...(options.flowLogs && { flowLogs: options.flowLogs }),
      ...(silences.length > 0 && { silences }),
      ...(settings.delivery && { delivery: settings.delivery }),
    },
    problems: problems.sort(compareProblems),
    rules: entries,
    settings,
    good: good.versions(),
  };
}

function readSettings(tree: Tree, good: GoodKeeper, problems: Problem[]): Settings {
  const [document] = tree.settings;
  if (!document) return DEFAULT_SETTINGS;
  const result = compileSettings(document);
  problems.push(...result.problems);
  if (result.settings) {
    good.keep('settings', document, document.text);
    return result.settings;
  }
  const former = good.fallBack('settings');
  return (former && compileSettings(former).settings) ?? DEFAULT_SETTINGS;
}

function known(
  rules: readonly CompiledRule[],
  entries: readonly RuleEntry[],
): KnownRules & SilencedRules {
  const names = entries.flatMap(({ id, document }) => [id, ...(document?.tags ?? [])]);
  return { inForce: rules, others: new Set(names) };
}

function readFilters(
  tree: Tree,
  rules: KnownRules,
  lists: ListBook,
  good: GoodKeeper,
  problems: Problem[],
): CompiledFilter[] {
  const filters: CompiledFilter[] = [];
  for (const document of tree.filters) {
    const result = compileFilter(document, rules, lists);
    problems.push(...result.problems);
    if (result.filter) good.keep(document.path, document, document.text);
    const former = result.filter ? undefined : good.fallBack(document.path);
    const filter = result.filter ?? (former && compileFilter(former, rules, lists).filter);
    if (filter && filter.rules.length > 0) filters.push(filter);
  }
  return filters.sort((a, b) => compare(a.id, b.id));
}

function readSilences(
  tree: Tree,
  rules: SilencedRules,
  good: GoodKeeper,
  problems: Problem[],
): CompiledSilence[] {
  const silences: CompiledSilence[] = [];
  for (const document of tree.silences) {
    const result = compileSilence(document, rules);
    problems.push(...result.problems);
    if (result.silence) good.keep(document.path, document, document.text);
    const former = result.silence ? undefined : good.fallBack(document.path);
    const silence = result.silence ?? (former && compileSilence(former).silence);
    if (silence) silences.push(silence);
  }
  return silences.sort((a, b) => compare(a.id, b.id));
}

/** The lists that something names, and `internal`, which gives the field traffic its meaning. */
function usedLists(matches: readonly Match[], book: ListBook): Record<string, CompiledList> {
  const names = new Set(['internal', ...matches.flatMap(listsIn)]);
  const lists: Record<string, CompiledList> = {};
  for (const name of [...names].sort()) {
    const list = book.get(name);
    if (list && list !== 'unreadable') lists[name] = list;
  }
  return lists;
}
