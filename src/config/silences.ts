/** Silence documents into normal form. */
import { type AlertMatch, meetsAlert } from '../alerts/alert-match.ts';
import type { ConfigDocument } from '../ports/config-source.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { type Problem, show } from '../rules/problem.ts';
import { Reporter } from '../rules/reporter.ts';
import { didYouMean } from '../rules/suggest.ts';
import { validate } from '../rules/validate.ts';
import { compileAlertMatch, isAlertField } from './alert-match.ts';
import type { KnownRules } from './filters.ts';
import { isGlob } from './glob.ts';
import { silenceSchema } from './silence-schema.ts';
import type { CompiledSilence } from './snapshot.ts';
import { readSingle } from './text.ts';
import { compileHours } from './weekly-hours.ts';

/** What a silence is held against: rules in force, and the names of all others. */
export interface SilencedRules extends Pick<KnownRules, 'others'> {
  readonly inForce: readonly Pick<CompiledRule, 'id' | 'tags' | 'severity' | 'by'>[];
}

export interface SilenceResult {
  readonly silence?: CompiledSilence;
  readonly problems: readonly Problem[];
}

/**
 * @param rules without them nothing is said of a silence that no alert can meet
 */
export function compileSilence(document: ConfigDocument, rules?: SilencedRules): SilenceResult {
  const id = document.path.slice('silences/'.length);
  const { documents, problems } = readSingle(document, 'silences');
  const [read] = documents;
  if (!read) return { problems: problems.map((problem) => ({ ...problem, rule: id })) };
  const report = new Reporter(document.origin, read, id);
  const given = (read.value as { match?: unknown } | null)?.match;
  const { document: written } = validate(silenceSchema, read.value, report, {
    elsewhere: (path) => path[0] === 'match' && given !== undefined,
  });
  const match = given === undefined ? undefined : compileAlertMatch(given, ['match'], report);
  if (match) checkMatch(match, report);
  if (!written || !match || report.failed) {
    if (!report.failed) report.error(['match'], `found ${show(given)}; see docs/alerts.md`);
    return { problems: report.problems };
  }
  const from = timeOf(written.from, 'from', report);
  const until = timeOf(written.until, 'until', report);
  const during = written.during && compileHours(written.during, report);
  if (written.until === undefined && !written.during) {
    const hint = 'a silence without an end is easily forgotten; hours that recur go under during';
    report.error(['until'], 'is missing; wanted: when the silence ends', hint);
  }
  if (from !== undefined && until !== undefined && until <= from) {
    report.error(['until'], 'is not after from, so it would never hold');
  }
  if (report.failed) return { problems: report.problems };
  if (rules) warnOfNothing(match, rules, report);
  return {
    silence: {
      id,
      match,
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
      ...(during && { during }),
      reason: written.reason ?? '',
    },
    problems: report.problems,
  };
}

/** Unix seconds. */
function timeOf(
  text: string | undefined,
  key: 'from' | 'until',
  report: Reporter,
): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text.replace(' ', 'T'));
  if (Number.isNaN(time)) {
    return report.error([key], `${show(text)} is no day or time there is`);
  }
  return Math.floor(time / 1000);
}

function checkMatch(match: AlertMatch, report: Reporter): void {
  if (Object.keys(match).length === 0) {
    const hint = 'to hold everything back write rule: "*"';
    report.error(['match'], 'found an empty block, which every alert meets', hint);
  }
  const others = (match.type ?? []).filter((type) => type !== 'alert');
  if (others.length > 0) {
    const message = `found ${others.join(', ')}; only alerts of type alert are ever silenced`;
    report.error(['match', 'type'], message, 'leave type out');
  }
  if (match.status?.every((status) => status === 'resolved')) {
    report.error(['match', 'status'], 'an end is always told where its beginning was');
  }
}

/** A silence that no rule's alerts can meet is mostly a slip. */
function warnOfNothing(
  match: AlertMatch,
  { inForce, others }: SilencedRules,
  report: Reporter,
): void {
  const ids = [...inForce.map(({ id }) => id), ...others];
  const tags = inForce.flatMap((rule) => rule.tags);
  for (const [field, known] of [
    ['rule', ids],
    ['tag', [...tags, ...others]],
  ] as const) {
    for (const name of match[field] ?? []) {
      if (isGlob(name) || known.includes(name)) continue;
      const hint = didYouMean(name, known);
      const kind = field === 'rule' ? 'id' : 'tag';
      report.warning(['match', field], `no rule has the ${kind} ${show(name)}`, hint);
    }
  }
  const grouped = Object.keys(match).filter((field) => !isAlertField(field));
  if (grouped.length === 0) return;
  const meant = inForce.filter((rule) => meetsAlert(pick(match), { ...NOTHING, rule }));
  const meets = meant.some(({ by }) =>
    grouped.every((name) => by.some(({ field }) => field === name)),
  );
  if (meant.length === 0 || meets) return;
  const message = `no rule that it names groups by ${grouped.join(' and ')}, so it holds nothing back`;
  report.warning(['match', grouped[0]], message, 'what counts is the group of an alert');
}

const NOTHING = { type: 'alert', status: 'firing', group: {}, sources: [] } as const;

/** What of a match is about the rule. */
function pick({ rule, severity, tag }: AlertMatch): AlertMatch {
  return { ...(rule && { rule }), ...(severity && { severity }), ...(tag && { tag }) };
}
