/** Rule documents into normal form. */
import { intervalNote } from '../detect/interval.ts';
import { ID } from './basic-schema.ts';
import type { CompiledRule, GroupField, Match } from './compiled.ts';
import { isBlock } from './condition.ts';
import type { MatchDocument } from './condition-schema.ts';
import { compileDetect, kindWritten } from './detect.ts';
import {
  compileInnerMatches,
  type InnerMatches,
  isInnerMatch,
  type RuleStep,
  ruleSteps,
} from './detect-conditions.ts';
import type { DetectDocument } from './detect-schema.ts';
import { groupsOfNew } from './detect-times.ts';
import { parseDuration } from './duration.ts';
import { resolveField } from './field-names.ts';
import { compileMatch, fieldsIn, MATCH_EVERYTHING, matchesOf } from './match.ts';
import { type Problem, show } from './problem.ts';
import type { ReadDocument } from './read.ts';
import { Reporter } from './reporter.ts';
import { alarmNote, compileAlarm } from './rule-alarm.ts';
import {
  checkMessage,
  checkTests,
  checkVisibility,
  compileRepeat,
  SOURCE_GROUPS,
  warnOfUnreadMatch,
} from './rule-checks.ts';
import { compileInhibits } from './rule-inhibits.ts';
import { checkOneSum, compileMetric } from './rule-metric.ts';
import { compileNoise } from './rule-noise.ts';
import { checkWindow, compileWindow, windowNote } from './rule-window.ts';
import { type RuleDocument, ruleSchema } from './schema.ts';
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
  /** Steps of a sequence that wait for other rules. */
  readonly reads: readonly RuleStep[];
}

/** Checks a rule document and, if it has no errors, brings it into normal form. */
export function compileRule(read: ReadDocument, source: RuleSource): RuleResult {
  const report = new Reporter(source.origin, read);
  const given = isBlock(read.value) ? read.value.id : undefined;
  report.rule = typeof given === 'string' ? given : source.fallbackId;
  const id = identify(given, source.fallbackId, report);
  const written: Written = isBlock(read.value) ? read.value : {};
  const { document, wrong } = validate(ruleSchema, read.value, report, {
    elsewhere: (path) => path[0] === 'match' || isInnerMatch(path, written.detect),
  });
  const match = readMatch(written, document, wrong, report, source.lists);
  const inner = compileInnerMatches(written.detect, { report, lists: source.lists });
  const rule = document && normalise(document, written, wrong, { match, inner }, id ?? '', report);
  if (!report.failed && wrong.size > 0) {
    report.error(
      [...wrong].slice(0, 1),
      `found ${show(written)}; see docs/rules.md for what is allowed`,
    );
  }
  const failed = report.failed || id === undefined;
  return {
    id,
    line: read.at([]).line,
    document: document && asWritten(document, written),
    ...(rule && !failed && { compiled: rule }),
    problems: report.problems,
    notes: rule ? notesOf(rule) : [],
    reads: rule ? ruleSteps(rule.detect, read) : [],
  };
}

/** A rule's keys that are read beside the schema. */
interface Written {
  readonly match?: unknown;
  readonly by?: unknown;
  readonly detect?: unknown;
}

function notesOf(rule: CompiledRule): string[] {
  const interval = intervalNote(rule);
  return [
    rule.window === undefined ? undefined : windowNote(rule.window),
    interval?.interval === 60
      ? `needs flow logs with an aggregation interval of 1 minute: ${interval.why}`
      : undefined,
    alarmNote(rule.mode, rule.alarm),
  ].filter((note) => note !== undefined);
}

/** The schema library puts the keys of a match in an order of its own. */
function asWritten(document: RuleDocument, { match, detect }: Written): RuleDocument {
  const written = document.match ? { ...document, match: match as MatchDocument } : document;
  const { ratio, sequence } = document.detect ?? {};
  const raw = detect as DetectDocument | undefined;
  if (ratio && raw?.ratio) {
    return { ...written, detect: { ratio: { ...ratio, of: raw.ratio.of } } };
  }
  const steps = raw?.sequence;
  return sequence && steps ? { ...written, detect: { sequence: steps } } : written;
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
  written: Written,
  wrong: ReadonlySet<string>,
  { match, inner }: { readonly match: Match | undefined; readonly inner: InnerMatches },
  id: string,
  report: Reporter,
): CompiledRule | undefined {
  const groups = compileBy(document.by ?? [], report);
  const names = groups.map(({ field }) => field);
  const detect = wrong.has('detect')
    ? undefined
    : compileDetect(document.detect, names, inner, report);
  const kind =
    written.detect === undefined ? undefined : (kindWritten(written.detect) ?? 'unclear');
  const window = wrong.has('window') ? undefined : compileWindow(document.window, kind, report);
  if (detect && window !== undefined) checkWindow(detect, window, report);
  const by = detect?.kind === 'new' ? groupsOfNew(groups, detect.fields) : groups;
  const metric = document.metric && compileMetric(document.metric, report);
  const repeat = document.repeat === undefined ? undefined : compileRepeat(document.repeat, report);
  const noise = compileNoise(document, report);
  checkOneSum(detect, metric, report);
  checkVisibility(kind, written, report);
  if (detect && written.match !== undefined) warnOfUnreadMatch(detect, report);
  const used = match && detect ? matchesOf({ match, detect }).flatMap(fieldsIn) : [];
  checkMessage(document.message, [...by.map(({ field }) => field), ...used], report);
  const alarm = compileAlarm(document, { detect, metric }, report);
  checkTests(document, kind === 'visibility' ? SOURCE_GROUPS : by, report);
  if (!match || !detect) return undefined;
  const inhibits = compileInhibits(document, { detect, by }, report);
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
    resolve: document.resolve ?? window !== undefined,
    ...(repeat !== undefined && { repeat }),
    ...(inhibits && { inhibits }),
    ...noise,
    alarm,
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
