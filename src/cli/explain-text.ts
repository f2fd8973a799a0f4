/** What `explain` prints of each rule. */
import { cleanLine } from '../alerts/clean.ts';
import type { Colours } from '../alerts/terminal.ts';
import type { RuleExplanation } from '../map/4-match/explain.ts';
import { renderTable } from './table.ts';

type Verdict = 'met' | 'filtered' | 'no group' | 'not met';

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
  const order: readonly Verdict[] = ['met', 'filtered', 'no group', 'not met'];
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
  return explanation.matched ? 'met' : 'not met';
}

function rowsOf(explanation: RuleExplanation): string[][] {
  const { rule, filteredBy, failed = [], groupMissing = [] } = explanation;
  const verdict = verdictOf(explanation);
  switch (verdict) {
    case 'met':
      return [[verdict, rule.id, cleanLine(rule.title)]];
    case 'filtered':
      return [[verdict, rule.id, `hidden by the filter ${filteredBy}`]];
    case 'no group':
      return [[verdict, rule.id, `the record has no ${groupMissing.join(', ')} to group by`]];
    case 'not met': {
      const clauses = failed.map(
        ({ path, found, wanted }) =>
          `${path}: found ${cleanLine(found ?? 'nothing')}, wanted ${wanted}`,
      );
      const [first = '', ...rest] = clauses;
      return [[verdict, rule.id, first], ...rest.map((clause) => ['', '', clause])];
    }
  }
}
