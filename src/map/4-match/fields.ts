/** Fields that rules and filters use, and those without which a record does not count. */
import type { Snapshot } from '../../config/snapshot.ts';
import { carriedBy, FIVE_TUPLE, sumFieldOf } from '../../detect/index.ts';
import type { CompiledRule, Match } from '../../rules/compiled.ts';
import { askedBy } from './matchers.ts';

/** Every field that is looked at; derived ones among them are to be computed. */
export function neededFields({ rules, filters }: Snapshot): Set<string> {
  const needed = new Set<string>();
  const visit = (match: Match): void => {
    if ('not' in match) visit(match.not);
    else if ('field' in match) needed.add(match.field);
    else for (const part of 'all' in match ? match.all : match.any) visit(part);
  };
  for (const { match } of [...filters, ...rules, ...askedBy(rules)]) visit(match);
  for (const rule of rules) {
    const carried = carriedBy(rule.detect);
    if (carried.what === 'share') visit(carried.of);
    if (carried.what === 'connections') needed.add('leg');
    if (carried.what === 'steps') {
      for (const step of carried.steps) {
        if (step?.what === 'members') for (const field of step.fields) needed.add(field);
      }
    }
    for (const field of requiredFields(rule)) needed.add(field);
    for (const { field } of rule.by) needed.add(field);
    const sum = sumFieldOf(rule);
    if (sum) needed.add(sum);
    for (const [, name] of rule.message?.matchAll(/\{([a-z0-9-]+)\}/g) ?? []) needed.add(name);
  }
  return needed;
}

/** A record that lacks one of these is not counted for the rule. */
export function requiredFields({ by, detect }: CompiledRule): readonly string[] {
  const grouping = by.filter(({ optional }) => !optional).map(({ field }) => field);
  return [...new Set([...grouping, ...fieldsOfKind(detect)])];
}

function fieldsOfKind(detect: CompiledRule['detect']): readonly string[] {
  if (detect.kind === 'new') return detect.fields;
  const carried = carriedBy(detect);
  if (carried.what === 'members') return carried.fields;
  return carried.what === 'connections' ? FIVE_TUPLE : [];
}
