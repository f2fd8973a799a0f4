/**
 * Which shard keeps a group. Rules that feed a sequence stay with it, and rules that hold others
 * back with those: a firing must reach the other's group without leaving the shard.
 */
import { createHash } from 'node:crypto';
import type { GroupValues } from '../log/digest.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { mayInhibit } from '../rules/inhibition.ts';

/** What the groups of a rule are sent by. */
export interface Route {
  readonly name: string;
  /** Places in the rule's `by` of the values that decide; undefined: all of them. */
  readonly values?: readonly number[];
}

/** Routes of the rules that do not go by their own id and all of their values. */
export type Routes = ReadonlyMap<string, Route>;

/** Rules joined by `{ rule: ID }` steps or by inhibition, in any number, are one component. */
export function routesOf(rules: readonly CompiledRule[]): Routes {
  const routes = new Map<string, Route>();
  const joins = joinsOf(rules);
  for (const members of components(rules, joins)) {
    const name = members.map(({ id }) => id).sort()[0];
    const ids = new Set(members.map(({ id }) => id));
    const shared = sharedFields(joins.filter(({ rule }) => ids.has(rule)));
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

/** A rule that needs others in its shard, and by which fields their groups are one. */
interface Join {
  readonly rule: string;
  readonly others: readonly string[];
  readonly fields: readonly string[];
}

function joinsOf(rules: readonly CompiledRule[]): Join[] {
  return rules.flatMap((rule) => {
    const fed = { rule: rule.id, others: feeding(rule), fields: rule.by.map(({ field }) => field) };
    if (!rule.inhibits) return fed.others.length > 0 ? [fed] : [];
    const held = rules.filter((other) => mayInhibit(rule, other)).map(({ id }) => id);
    const holding = { rule: rule.id, others: held, fields: rule.inhibits.equal };
    return [fed, holding].filter(({ others }) => others.length > 0);
  });
}

/** Those of more than one rule. */
function components(rules: readonly CompiledRule[], joins: readonly Join[]): CompiledRule[][] {
  const component = new Map(rules.map((rule) => [rule.id, [rule]]));
  for (const { rule, others } of joins) {
    for (const id of others) {
      const [mine, other] = [component.get(rule), component.get(id)];
      if (!mine || !other || mine === other) continue;
      mine.push(...other);
      for (const member of other) component.set(member.id, mine);
    }
  }
  return [...new Set(component.values())].filter(({ length }) => length > 1);
}

function feeding({ detect }: CompiledRule): string[] {
  if (detect.kind !== 'sequence') return [];
  return detect.steps.flatMap((step) => ('rule' in step ? [step.rule] : []));
}

/** Group fields that all joins of a component have, in order of name; none puts it into one shard. */
function sharedFields(joins: readonly Join[]): string[] {
  const [first = [], ...others] = joins.map(({ fields }) => fields);
  return first.filter((field) => others.every((other) => other.includes(field))).sort();
}
