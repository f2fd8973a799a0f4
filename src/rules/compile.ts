/** Rule documents into normal form. */
import type { CompiledRule, Detect, GroupField, Match, RuleMetric } from './compiled.ts';
import { isBlock } from './condition.ts';
import type { MatchDocument } from './condition-schema.ts';
import { compileDetect, compileWindow, laterKind, windowNote } from './detect.ts';
import { parseDuration } from './duration.ts';
import { resolveField } from './field-names.ts';
import { compileMatch, fieldsIn, MATCH_EVERYTHING } from './match.ts';
import { type Problem, show } from './problem.ts';
import type { ReadDocument } from './read.ts';
import { Reporter } from './reporter.ts';
import { checkAlarm, checkMessage, checkTests } from './rule-checks.ts';
import { ID, type RuleDocument, ruleSchema } from './schema.ts';
import { validate } from './validate.ts';
import type { ListLookup } from './values.ts';

export interface RuleSource {
  readonly origin: string;
  /** The id where the document has none: the last element of its path. */
  readonly fallbackId: string;
  readonly lists: ListLookup;
}

export interface RuleResult {
  /** Undefined where not even that can be told. */
  readonly id: string | undefined;
  readonly line: number;
  /** As written, defaults filled in; keys with errors are absent. */
  readonly document: RuleDocument | undefined;
  /** Absent for a rule with errors. */
  readonly compiled?: CompiledRule;
  readonly problems: readonly Problem[];
  /** What `rules check` tells beside problems. */
  readonly notes: readonly string[];
}

/** Checks a rule document and, if it has no errors, brings it into normal form. */
export function compileRule(read: ReadDocument, source: RuleSource): RuleResult {
  const report = new Reporter(source.origin, read);
  const given = isBlock(read.value) ? read.value.id : undefined;
  report.rule = typeof given === 'string' ? given : source.fallbackId;
  const id = identify(given, source.fallbackId, report);
  const { document, wrong } = validate(ruleSchema, read.value, report, {
    elsewhere: (path) => path[0] === 'match',
    unknownKey: laterKind,
  });
  const written = isBlock(read.value) ? read.value : {};
  const match = readMatch(written, document, wrong, report, source.lists);
  const rule = document && normalise(document, wrong, match, id ?? '', report);
  const failed = report.failed || id === undefined;
  return {
    id,
    line: read.at([]).line,
    document: document && asWritten(document, written),
    ...(rule && !failed && { compiled: rule }),
    problems: report.problems,
    notes: rule?.window === undefined ? [] : [windowNote(rule.window) ?? []].flat(),
  };
}

/** The schema library puts the keys of a match in an order of its own. */
function asWritten(document: RuleDocument, { match }: { match?: unknown }): RuleDocument {
  return document.match ? { ...document, match: match as MatchDocument } : document;
}

function identify(given: unknown, fallback: string, report: Reporter): string | undefined {
  if (typeof given === 'string' && ID.test(given)) return given;
  if (given !== undefined) return undefined;
  if (ID.test(fallback)) return fallback;
  const hint = 'give the rule an id of a-z, 0-9 and hyphens';
  return report.error(
    [],
    `the file name ${show(fallback)} is no id, and the document has none`,
    hint,
  );
}

function readMatch(
  written: { match?: unknown },
  document: RuleDocument | undefined,
  wrong: ReadonlySet<string>,
  report: Reporter,
  lists: ListLookup,
): Match | undefined {
  if (written.match !== undefined) {
    const before = report.problems.length;
    const match = compileMatch(written.match, ['match'], { report, lists });
    if (wrong.has('match') && report.problems.length === before) {
      report.error(['match'], `found ${show(written.match)}; see docs/rules.md for conditions`);
    }
    return match;
  }
  const needless = document?.enabled === false || document?.detect || wrong.has('detect');
  if (document && !needless) {
    const hint = 'without detect it would fire at every record there is';
    report.error(['match'], 'is missing; wanted: a block of conditions', hint);
  }
  return MATCH_EVERYTHING;
}

/** Judges what the schema cannot; keys it found wrong are left alone. */
function normalise(
  document: RuleDocument,
  wrong: ReadonlySet<string>,
  match: Match | undefined,
  id: string,
  report: Reporter,
): CompiledRule | undefined {
  const detect = wrong.has('detect') ? undefined : compileDetect(document.detect, report);
  const windowed = document.detect !== undefined || wrong.has('detect');
  const window = wrong.has('window') ? undefined : compileWindow(document.window, windowed, report);
  const by = compileBy(document.by ?? [], report);
  const metric = document.metric && compileMetric(document.metric, report);
  checkOneSum(detect, metric, report);
  const used = [...by.map(({ field }) => field), ...(match ? fieldsIn(match) : [])];
  checkMessage(document.message, used, report);
  checkAlarm(document, report);
  checkTests(document, by, report);
  warnOfTheUnheard(document, report);
  if (!match || !detect) return undefined;
  return {
    id,
    title: document.title ?? id,
    ...(document.description !== undefined && { description: document.description }),
    severity: document.severity,
    tags: document.tags,
    references: document.references,
    ...(document.runbook !== undefined && { runbook: document.runbook }),
    match,
    detect,
    by,
    ...(window !== undefined && { window }),
    cooldown: parseDuration(document.cooldown) ?? 0,
    storm: document.storm,
    ...(document.message !== undefined && { message: document.message }),
    to: document.to,
    mode: document.mode,
    ...(metric && { metric }),
    alarm: document.alarm !== undefined,
  };
}

function compileBy(names: readonly string[], report: Reporter): GroupField[] {
  const seen = new Set<string>();
  const by: GroupField[] = [];
  for (const [index, name] of names.entries()) {
    const optional = name.endsWith('?');
    const field = resolveField(optional ? name.slice(0, -1) : name, ['by', index], report);
    if (!field) continue;
    if (seen.has(field.name)) report.error(['by', index], `${field.name} stands twice`);
    seen.add(field.name);
    by.push({ field: field.name, optional });
  }
  return by;
}

/** Metric names that every rule has under the same dimensions. */
const OWN_METRICS: ReadonlySet<string> = new Set(['Alerts', 'Matches']);

function compileMetric(
  metric: NonNullable<RuleDocument['metric']>,
  report: Reporter,
): RuleMetric | undefined {
  if (OWN_METRICS.has(metric.name)) {
    const message = `${metric.name} is a metric that the service publishes itself`;
    report.error(['metric', 'name'], message, 'choose another name');
  }
  const { value } = metric;
  if (value === 'count' || value === 'value') return { name: metric.name, value };
  const plain = typeof value === 'string';
  const path = plain ? ['metric', 'value'] : ['metric', 'value', 'sum'];
  const field = resolveField(plain ? value : value.sum, path, report);
  if (!field) return undefined;
  if (field.type !== 'number') {
    return report.error(path, `${field.name} is no number, so it has no sum`);
  }
  return { name: metric.name, value: { sum: field.name } };
}

/** A digest carries one sum a rule: that of its detection, else of its metric. */
function checkOneSum(
  detect: Detect | undefined,
  metric: RuleMetric | undefined,
  report: Reporter,
): void {
  if (detect?.kind !== 'sum' || typeof metric?.value !== 'object') return;
  if (metric.value.sum === detect.field) return;
  const message = `a rule that sums ${detect.field} cannot publish the sum of ${metric.value.sum} as well`;
  report.error(['metric', 'value'], message, `sum ${detect.field}, or write a second rule`);
}

function warnOfTheUnheard(document: RuleDocument, report: Reporter): void {
  for (const key of ['resolve', 'repeat'] as const) {
    if (document[key] !== undefined) {
      report.warning([key], `this version accepts ${key} but does not act on it yet`);
    }
  }
  if (document.mode === 'signal') {
    report.warning(['mode'], 'nothing in this version reads signals: the rule will notify nobody');
  }
}
