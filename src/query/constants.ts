/** Matches that hold always or never, and small ones made of others. */
import type { Leaf, Match, Test, ValueSet } from '../rules/compiled.ts';

export const ALWAYS: Match = { all: [] };
export const NEVER: Match = { any: [] };

export function isAlways(match: Match): boolean {
  return 'all' in match && match.all.length === 0;
}

export function isNever(match: Match): boolean {
  return 'any' in match && match.any.length === 0;
}

export function both(...all: Match[]): Match {
  return { all };
}

export function either(...any: Match[]): Match {
  return { any };
}

/** A test of a field that stands for the condition at `path`. */
export function tested(field: string, test: Test, path = field): Leaf {
  return { field, test, path };
}

export function within(field: string, values: ValueSet): Leaf {
  return tested(field, { in: values });
}

export function outside(field: string, values: ValueSet): Leaf {
  return tested(field, { notIn: values });
}
