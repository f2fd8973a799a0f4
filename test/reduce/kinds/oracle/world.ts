/** What the oracle is given, and what it answers. */

import type { CompiledFilter, CompiledRule, Match } from '../../../../src/rules/compiled.ts';
import type { Fields } from '../../../map/4-match/naive.ts';
import { hides, holds } from '../../../map/4-match/naive.ts';
import { fieldsOf, type Line } from '../record.ts';

export interface World {
  readonly rules: readonly CompiledRule[];
  readonly filters?: readonly CompiledFilter[];
  /** All lines that ever come, in any order. */
  readonly lines: readonly Line[];
  /** Those that the rules were evaluated on; all unless given. */
  readonly evaluated?: ReadonlySet<Line>;
  /** How far time has come in the end: what is due later is not told of. */
  readonly clock: number;
}

/** A window that fired, named by its last slot. */
export interface Firing {
  readonly rule: string;
  /** JSON of the group's values. */
  readonly group: string;
  readonly slot: number;
}

const LISTS = { internal: { numbers: [], cidrs: ['10.0.0.0/8'], strings: [] } };

export function meets(match: Match, line: Line): boolean {
  return holds(match, fieldsOf(line), LISTS);
}

/** Lines that hold a flow. */
function flowsOf({ lines }: World): Line[] {
  return lines.filter(({ status }) => status === 'OK');
}

/** Flows that the rules were evaluated on. */
export function evaluatedOf(world: World): Line[] {
  return flowsOf(world).filter((line) => world.evaluated?.has(line) ?? true);
}

/** Flows that meet a condition and are not hidden from the rule. */
export function matching(world: World, { id }: CompiledRule, match: Match): Line[] {
  const hidden = (line: Line) =>
    (world.filters ?? []).some((one) => hides(one, id, line.start, fieldsOf(line), LISTS));
  return evaluatedOf(world).filter((line) => meets(match, line) && !hidden(line));
}

/** The group a flow belongs to; undefined where it lacks a field. */
export function groupOf({ by }: CompiledRule, line: Line): string | undefined {
  const fields = fieldsOf(line);
  if (by.some(({ field, optional }) => !optional && fields[field] === undefined)) return undefined;
  return JSON.stringify(by.map(({ field }) => fields[field] ?? null));
}

/** Flows by group. */
export function grouped(rule: CompiledRule, flows: readonly Line[]): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  for (const flow of flows) {
    const group = groupOf(rule, flow);
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), flow]);
  }
  return groups;
}

export function has(line: Line, names: readonly string[]): boolean {
  const fields: Fields = fieldsOf(line);
  return names.every((name) => fields[name] !== undefined);
}

/** Values of some fields as one text. */
export function tupleOf(line: Line, names: readonly string[]): string {
  const fields = fieldsOf(line);
  return JSON.stringify(names.map((name) => fields[name]));
}

export const FIVE = ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'];

/** Start of the first record that any rule was evaluated on. */
export function firstStart(world: World): number {
  return Math.min(...evaluatedOf(world).map(({ start }) => start));
}

/** Aggregation interval of the sources of some flows, as it shows in all their flows. */
export function intervalOf(world: World, own: readonly Line[]): number {
  const sources = new Set(own.map(({ source }) => source));
  const lengths = flowsOf(world)
    .filter(({ source }) => sources.has(source))
    .map(({ start, end }) => (end ?? start) - start);
  return Math.max(...lengths) > 90 ? 600 : 60;
}
