/** The pattern of a subscription filter that lets through all that the rules in force may need. */
import type { Snapshot } from '../config/snapshot.ts';
import { RESERVED_IDS } from '../config/system-rules.ts';
import { ANSWER, askedBy } from '../map/4-match/matchers.ts';
import { parseLayout } from '../records/layout.ts';
import type { CompiledRule, Detect, Match } from '../rules/compiled.ts';
import { both, isAlways, isNever, within } from './constants.ts';
import { matchOver } from './over-format.ts';
import { matchOfPattern } from './pattern-reader.ts';
import { patternOf } from './pattern-text.ts';

/**
 * Kinds that look beyond the records that match: at every record to know since when there are any, at
 * answers, at silence, at lines without a flow.
 */
const NEEDS_ALL: ReadonlySet<Detect['kind']> = new Set([
  'visibility',
  'unanswered',
  'absent',
  'spike',
  'new',
]);

const ACTIONS = ['ACCEPT', 'REJECT'] as const;

/**
 * A space-delimited pattern for a log group, or '' where everything is needed. It narrows by `action`
 * alone: other conditions of many rules seldom have anything in common.
 * @param format the group's only LogFormat
 * @throws LayoutError on a format that is none
 */
export function subscriptionPattern(snapshot: Snapshot, format: string): string {
  const rules = watching(snapshot);
  const layout = parseLayout(format);
  if (rules.length === 0 || !layout.fields.some(({ name }) => name === 'action')) return '';
  if (rules.some(({ detect }) => NEEDS_ALL.has(detect.kind))) return '';
  const asked = matchesOf(rules);
  for (const action of ACTIONS) {
    const only = within('action', { strings: [action] });
    const others = asked.map((match) => matchOver(both(match, { not: only }), layout, snapshot));
    if (others.every(isNever)) return patternOf(layout, new Map([['action', `="${action}"`]]));
  }
  return '';
}

/**
 * The rules that would miss records behind a pattern, by id: also those of which that cannot be ruled
 * out. None for a pattern that lets everything through.
 * @throws LayoutError on a format that is none
 */
export function patternTooNarrow(snapshot: Snapshot, format: string, pattern: string): string[] {
  const layout = parseLayout(format);
  const passed = matchOfPattern(pattern, layout);
  if (isAlways(passed)) return [];
  const missing = watching(snapshot).filter((rule) => {
    if (NEEDS_ALL.has(rule.detect.kind)) return true;
    return matchesOf([rule]).some(
      (match) => !isNever(matchOver(both(match, { not: passed }), layout, snapshot)),
    );
  });
  return missing.map(({ id }) => id);
}

/** Flows of test-alert go to the function itself, past any subscription. */
function watching({ rules }: Snapshot): CompiledRule[] {
  return rules.filter(({ id }) => !RESERVED_IDS.has(id));
}

function matchesOf(rules: readonly CompiledRule[]): Match[] {
  return askedBy(rules).flatMap(({ role, match }) => (role === ANSWER ? [] : [match]));
}
