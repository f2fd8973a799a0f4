/** What rules ask of records: most of them one match, a sequence one for each of its steps. */
import type { CompiledRule, Match } from '../../rules/compiled.ts';
import { answersTo } from './reversed.ts';

/** Role of a matcher whose records answer those of its rule, and are none of its own. */
export const ANSWER = 255;

/** One match of a rule. */
export interface Asked {
  /** Number of the rule. */
  readonly rule: number;
  /** Number of the step, 0 for kinds that have none; or ANSWER. */
  readonly role: number;
  readonly match: Match;
}

/** All that the rules ask, in their order. A rule that watches sources asks nothing. */
export function askedBy(rules: readonly CompiledRule[]): Asked[] {
  return rules.flatMap((rule, number) =>
    rolesOf(rule).map(([role, match]) => ({ rule: number, role, match })),
  );
}

function rolesOf({ match, detect }: CompiledRule): (readonly [role: number, match: Match])[] {
  switch (detect.kind) {
    case 'visibility':
      return [];
    case 'unanswered':
      return [
        [0, match],
        [ANSWER, answersTo(match)],
      ];
    case 'sequence':
      return detect.steps.flatMap((step, role) =>
        'rule' in step ? [] : [[role, { all: [match, step.match] }] as const],
      );
    default:
      return [[0, match]];
  }
}
