/** Rules in normal form and snapshots of them, as reduce sees them. */
import {
  DEFAULT_ENGINE_SETTINGS,
  type EngineSettings,
  type Snapshot,
} from '../../src/config/snapshot.ts';
import { compileRuleSet, type MatchedRule } from '../../src/map/4-match/rule-set.ts';
import type { CompiledRule, GroupField, Match } from '../../src/rules/compiled.ts';

/** Accepted flows. */
const ACCEPTED: Match = {
  field: 'action',
  test: { in: { strings: ['ACCEPT'] } },
  path: 'match.action',
};

/** Fields of `by`; `?` marks an optional one. */
export function by(...names: readonly string[]): GroupField[] {
  return names.map((name) => ({ field: name.replace(/\?$/, ''), optional: name.endsWith('?') }));
}

/** Every accepted flow, by source, unless told otherwise. */
export function aRule(given: Partial<CompiledRule> = {}): CompiledRule {
  return {
    id: 'rule',
    title: 'A rule',
    severity: 'high',
    tags: [],
    references: [],
    match: ACCEPTED,
    detect: { kind: 'every' },
    by: by('srcaddr'),
    cooldown: 3_600,
    storm: 20,
    to: ['default'],
    mode: 'live',
    resolve: false,
    alarm: false,
    ...given,
  };
}

/** More than `above` accepted flows in `window` seconds. */
export function aCount(above: number, window: number, given: Partial<CompiledRule> = {}) {
  return aRule({ id: 'count', detect: { kind: 'count', above }, window, ...given });
}

export function aSnapshot(
  rules: readonly CompiledRule[],
  settings: Partial<EngineSettings> = {},
): Snapshot {
  return {
    version: 1,
    settings: { ...DEFAULT_ENGINE_SETTINGS, ...settings },
    rules,
    filters: [],
    lists: { internal: { numbers: [], cidrs: ['10.0.0.0/8'], strings: [] } },
    formats: {},
  };
}

export function matched(rule: CompiledRule): MatchedRule {
  return compileRuleSet(aSnapshot([rule])).rules[0];
}
