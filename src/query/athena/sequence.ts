/** `sequence` as a query: each step at the earliest slot it can, from that of the one before. */
import type { SequenceStep } from '../../rules/compiled.ts';
import type { Step } from './source.ts';
import type { Shape, Steps } from './windows.ts';

type Own = Extract<SequenceStep, { match: unknown }>;

/** Columns of `counted` that a step is told by: whether a record is its own, and what it counts. */
export function stepColumn(index: number): { readonly own: string; readonly member: string } {
  return { own: `step${index + 1}`, member: `member${index + 1}` };
}

export function inOrder(shape: Shape, steps: readonly Own[]): Steps {
  const keys = shape.keys.join(', ');
  const from: Step = {
    name: 'reached0',
    sql: `SELECT DISTINCT ${keys}, slot AS ends, slot - ${shape.slot * (shape.slots - 1)} AS place\n  FROM counted`,
  };
  const all = steps.flatMap((step, i) => ofStep(shape, step, i));
  const fired: Step = {
    name: 'fired',
    sql: `SELECT ${keys}, ends AS slot, ${steps.length} AS value\n  FROM reached${steps.length}`,
  };
  return [from, ...all, fired];
}

function ofStep({ keys: names }: Shape, { distinct, above }: Own, index: number): Step[] {
  const keys = names.join(', ');
  const { own, member } = stepColumn(index);
  const of = (alias: string) => names.map((key) => `${alias}.${key}`).join(', ');
  const same = names.map((key) => `u.${key} = r.${key}`).join(' AND ');
  const joined = `reached${index} r JOIN units${index + 1} u ON ${same} AND u.slot BETWEEN r.place AND r.ends`;
  const units = distinct
    ? `SELECT DISTINCT ${keys}, slot, ${member} AS member\n  FROM counted\n  WHERE ${own} = 1 AND ${member} IS NOT NULL`
    : `SELECT ${keys}, slot, sum(${own}) AS amount\n  FROM counted\n  WHERE ${own} = 1\n  GROUP BY ${keys}, slot`;
  // A member counts where it first appears.
  const met = distinct
    ? `SELECT ${of('r')}, r.ends, min(u.slot) AS place, 1 AS amount\n  FROM ${joined}\n  GROUP BY ${of('r')}, r.ends, u.member`
    : `SELECT ${of('r')}, r.ends, u.slot AS place, u.amount\n  FROM ${joined}`;
  return [
    { name: `units${index + 1}`, sql: units },
    { name: `met${index + 1}`, sql: met },
    {
      name: `grown${index + 1}`,
      sql: `SELECT ${keys}, ends, place, sum(amount) OVER (PARTITION BY ${keys}, ends ORDER BY place) AS total\n  FROM met${index + 1}`,
    },
    {
      name: `reached${index + 1}`,
      sql: `SELECT ${keys}, ends, min(place) AS place\n  FROM grown${index + 1}\n  WHERE total > ${above}\n  GROUP BY ${keys}, ends`,
    },
  ];
}
