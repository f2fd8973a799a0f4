/** What `explain` prints of each rule. */
import { cleanLine } from '../alerts/clean.ts';
import type { Colours } from '../alerts/terminal.ts';
import type { RuleExplanation } from '../map/4-match/explain.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { renderTable } from './table.ts';

type Verdict = 'met' | 'filtered' | 'no group' | 'reply' | 'not met';

/** The JSON form of one rule's explanation: a line of `explain --json`. */
export function explanationJson(explanation: RuleExplanation): Record<string, unknown> {
  const { rule, ...rest } = explanation;
  return {
    rule: rule.id,
    title: rule.title,
    severity: rule.severity,
    verdict: verdictOf(explanation),
    ...rest,
  };
}

/** Rules that are met first, each with what is to say about it. */
export function renderExplanations(
  explanations: readonly RuleExplanation[],
  colours: Colours,
): string[] {
  const order: readonly Verdict[] = ['met', 'filtered', 'no group', 'reply', 'not met'];
  const sorted = [...explanations].sort(
    (a, b) => order.indexOf(verdictOf(a)) - order.indexOf(verdictOf(b)),
  );
  const rows = sorted.flatMap((explanation) => rowsOf(explanation));
  const [, ...lines] = renderTable([{ title: '' }, { title: '' }, { title: '' }], rows);
  const met = explanations.filter((one) => verdictOf(one) === 'met').length;
  return [
    ...lines.map((line) => (line.startsWith('met') ? colours.green(line) : line)),
    `The record meets ${met} of ${explanations.length} rules.`,
  ];
}

function verdictOf(explanation: RuleExplanation): Verdict {
  if (explanation.filteredBy !== undefined) return 'filtered';
  if ((explanation.groupMissing?.length ?? 0) > 0) return 'no group';
  if (explanation.reply) return 'reply';
  return explanation.matched ? 'met' : 'not met';
}

function rowsOf(explanation: RuleExplanation): string[][] {
  const { rule, filteredBy, groupMissing = [], steps = [] } = explanation;
  const verdict = verdictOf(explanation);
  switch (verdict) {
    case 'met':
      return [[verdict, rule.id, cleanLine(rule.title) + stepsText(rule, steps)]];
    case 'filtered':
      return [[verdict, rule.id, `hidden by the filter ${filteredBy}`]];
    case 'no group':
      return [[verdict, rule.id, missingText(rule, groupMissing)]];
    case 'reply':
      return [[verdict, rule.id, 'the record is a reply; what begins a connection counts']];
    case 'not met': {
      const [first = '', ...rest] = reasons(explanation);
      return [[verdict, rule.id, first], ...rest.map((clause) => ['', '', clause])];
    }
  }
}

function stepsText({ detect }: CompiledRule, steps: readonly number[]): string {
  if (detect.kind !== 'sequence' || steps.length === 0) return '';
  return ` (step ${steps.join(' and ')} of ${detect.steps.length})`;
}

function missingText({ by }: CompiledRule, missing: readonly string[]): string {
  const grouping = missing.filter((name) => by.some(({ field }) => field === name));
  return grouping.length > 0
    ? `the record has no ${grouping.join(', ')} to group by`
    : `the record has no ${missing.join(', ')} to count`;
}

function reasons({ rule, failed = [] }: RuleExplanation): string[] {
  if (rule.detect.kind === 'visibility') return ['it watches sources; no record meets it'];
  if (failed.length === 0 && rule.detect.kind === 'sequence') {
    return ['its steps are other rules; no record meets it by itself'];
  }
  return failed.map(
    ({ path, found, wanted }) =>
      `${path}: found ${cleanLine(found ?? 'nothing')}, wanted ${wanted}`,
  );
}
