/**
 * Which shard keeps a group. Rules that feed a sequence stay with it: a firing must reach the
 * sequence's group without leaving the shard.
 */
import { createHash } from 'node:crypto';
import type { GroupValues } from '../log/digest.ts';
import type { CompiledRule } from '../rules/compiled.ts';

/** What the groups of a rule are sent by. */
export interface Route {
  readonly name: string;
  /** Places in the rule's `by` of the values that decide; undefined: all of them. */
  readonly values?: readonly number[];
}

/** Routes of the rules that do not go by their own id and all of their values. */
export type Routes = ReadonlyMap<string, Route>;

/** Rules joined by `{ rule: ID }` steps, in any number, are one component. */
export function routesOf(rules: readonly CompiledRule[]): Routes {
  const routes = new Map<string, Route>();
  for (const members of components(rules)) {
    const name = members.map(({ id }) => id).sort()[0];
    const shared = sharedFields(members);
    for (const { id, by } of members) {
      const values = shared.map((field) => by.findIndex((one) => one.field === field));
      routes.set(id, { name, values });
    }
  }
  return routes;
}

/** The shard of a rule's group; stable, and the same in every process. */
export function shardOf(rule: string, values: GroupValues, routes: Routes, shards: number): number {
  const route = routes.get(rule);
  const name = route?.name ?? rule;
  // A rule that lacks a field of its sequence's group reaches none of its groups.
  const deciding = route?.values?.map((at) => values[at] ?? null) ?? values;
  return hashed(`${name}\0${JSON.stringify(deciding)}`, shards);
}

/** The shard that a rule's totals go to, so that they are counted once. */
export function homeOf(rule: string, shards: number): number {
  return hashed(rule, shards);
}

function hashed(text: string, shards: number): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) % shards;
}

/** Those of more than one rule. */
function components(rules: readonly CompiledRule[]): CompiledRule[][] {
  const component = new Map(rules.map((rule) => [rule.id, [rule]]));
  for (const rule of rules) {
    for (const fed of feeding(rule)) {
      const [mine, other] = [component.get(rule.id), component.get(fed)];
      if (!mine || !other || mine === other) continue;
      mine.push(...other);
      for (const { id } of other) component.set(id, mine);
    }
  }
  return [...new Set(component.values())].filter(({ length }) => length > 1);
}

function feeding({ detect }: CompiledRule): string[] {
  if (detect.kind !== 'sequence') return [];
  return detect.steps.flatMap((step) => ('rule' in step ? [step.rule] : []));
}

/** Group fields that all sequences of a component have, in order of name. */
function sharedFields(members: readonly CompiledRule[]): string[] {
  const [first, ...others] = members
    .filter((rule) => feeding(rule).length > 0)
    .map(({ by }) => new Set(by.map(({ field }) => field)));
  return [...first].filter((field) => others.every((other) => other.has(field))).sort();
}
