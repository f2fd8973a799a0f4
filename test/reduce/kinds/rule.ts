/** Rules of every kind in normal form. */
import type { CompiledRule, Detect, Leaf, Match } from '../../../src/rules/compiled.ts';
import { by } from '../rules.ts';

/** Every flow. */
export const ANY: Match = is('protocol', 0, 255);

export function is(field: string, least: number, most = least): Leaf {
  return { field, test: { in: { numbers: [[least, most]] } }, path: `match.${field}` };
}

export function says(field: string, ...strings: readonly string[]): Leaf {
  return { field, test: { in: { strings } }, path: `match.${field}` };
}

/** A rule that tells of every firing, and when it is over where it has a window. */
export function ruleOf(detect: Detect, given: Partial<CompiledRule> = {}): CompiledRule {
  return {
    id: detect.kind,
    title: 'A rule',
    severity: 'high',
    tags: [],
    references: [],
    match: ANY,
    detect,
    by: by('srcaddr'),
    cooldown: 0,
    // Storms fold by the order of arrival, so none may come up here.
    storm: 10_000,
    to: ['default'],
    mode: 'live',
    resolve: given.window !== undefined,
    alarm: false,
    ...given,
  };
}
