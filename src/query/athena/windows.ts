/** Queries over sliding windows: every run of n slots that has a record in it. */
import type { Detect } from '../../rules/compiled.ts';
import type { Step } from './source.ts';

/** What the steps of a kind are built from. */
export interface Shape {
  readonly keys: readonly string[];
  /** Seconds a slot, and slots a window. */
  readonly slot: number;
  readonly slots: number;
}

/** Steps that end in one named `fired`, with keys, `slot` and `value`. */
export type Steps = readonly Step[];

/** From the first second of a window's first slot to that of its last. */
function reach({ slot, slots }: Shape): number {
  return slot * (slots - 1);
}

/** Where values only grow a window ends in a slot with a record. @param value summed over slots */
export function growing(shape: Shape, value: string, above: number): Steps {
  const keys = shape.keys.join(', ');
  return [
    {
      name: 'slots',
      sql: `SELECT ${keys}, slot, ${value} AS amount\n  FROM counted\n  GROUP BY ${keys}, slot`,
    },
    {
      name: 'windows',
      sql: `SELECT ${keys}, slot, sum(amount) OVER (PARTITION BY ${keys} ORDER BY slot RANGE BETWEEN ${reach(shape)} PRECEDING AND CURRENT ROW) AS value\n  FROM slots`,
    },
    {
      name: 'fired',
      sql: `SELECT ${keys}, slot, value\n  FROM windows\n  WHERE value > ${above}`,
    },
  ];
}

/** Different values of the column `member`, which is never NULL here. */
export function distinct(shape: Shape, above: number): Steps {
  const keys = shape.keys.join(', ');
  return [
    { name: 'members', sql: `SELECT DISTINCT ${keys}, slot, member\n  FROM counted` },
    {
      name: 'fired',
      sql: `SELECT ${keys}, slot + n * ${shape.slot} AS slot, count(DISTINCT member) AS value
  FROM members CROSS JOIN ${offsets(shape)}
  GROUP BY ${keys}, slot + n * ${shape.slot}
  HAVING count(DISTINCT member) > ${above} AND min(n) = 0`,
    },
  ];
}

/** The share of records with `hit`, judged for every window when it is over. */
export function ratio(shape: Shape, { above, min }: Extract<Detect, { kind: 'ratio' }>): Steps {
  const keys = shape.keys.join(', ');
  return [
    {
      name: 'slots',
      sql: `SELECT ${keys}, slot, count(*) AS records, sum(hit) AS hits\n  FROM counted\n  GROUP BY ${keys}, slot`,
    },
    {
      name: 'windows',
      sql: `SELECT ${keys}, slot + n * ${shape.slot} AS slot, sum(records) AS records, sum(hits) AS hits
  FROM slots CROSS JOIN ${offsets(shape)}
  GROUP BY ${keys}, slot + n * ${shape.slot}`,
    },
    {
      name: 'fired',
      sql: `SELECT ${keys}, slot, round(CAST(hits AS double) / records, 4) AS value
  FROM windows
  WHERE records >= ${min} AND hits > CAST(${above} AS double) * records`,
    },
  ];
}

/** Far more than the median of the windows before; those without a record count as 0. */
export function spike(
  shape: Shape,
  { factor, min, baseline }: Extract<Detect, { kind: 'spike' }>,
  value: string,
): Steps {
  const keys = shape.keys.join(', ');
  const window = shape.slot * shape.slots;
  const same = shape.keys.map((key) => `b.${key} = w.${key}`).join(' AND ');
  const of = (alias: string) => shape.keys.map((key) => `${alias}.${key}`).join(', ');
  const begin = `w.slot - ${window - shape.slot}`;
  const oldest = `greatest(since, ${begin} - ${baseline}) + ${window - 1}`;
  return [
    {
      name: 'slots',
      sql: `SELECT ${keys}, slot, ${value} AS amount\n  FROM counted\n  GROUP BY ${keys}, slot`,
    },
    { name: 'seen', sql: 'SELECT min(t) AS since\n  FROM flows' },
    {
      name: 'windows',
      sql: `SELECT ${keys}, slot + n * ${shape.slot} AS slot, sum(amount) AS value
  FROM slots CROSS JOIN ${offsets(shape)}
  GROUP BY ${keys}, slot + n * ${shape.slot}
  HAVING sum(amount) > ${min}`,
    },
    {
      name: 'past',
      sql: `SELECT ${keys}, slot - slot % ${window} AS begins, sum(amount) AS amount
  FROM slots
  GROUP BY ${keys}, slot - slot % ${window}
  HAVING sum(amount) <> 0`,
    },
    {
      name: 'judged',
      sql: `SELECT ${of('w')}, w.slot, w.value,
    ${oldest} - (${oldest}) % ${window} AS oldest,
    ${begin} - (${begin}) % ${window} - ${window} AS newest
  FROM windows w CROSS JOIN seen
  WHERE w.slot + ${shape.slot} >= since + ${baseline / 4}`,
    },
    {
      name: 'ranked',
      sql: `SELECT ${of('w')}, w.slot, w.value, b.amount,
    CAST((w.newest - w.oldest) / ${window} + 1 AS bigint) AS total,
    CAST((w.newest - w.oldest) / ${window} + 1 AS bigint) - count(b.amount) OVER (PARTITION BY ${of('w')}, w.slot) + row_number() OVER (PARTITION BY ${of('w')}, w.slot ORDER BY b.amount) - 1 AS place
  FROM judged w LEFT JOIN past b ON ${same} AND b.begins BETWEEN w.oldest AND w.newest
  WHERE w.newest >= w.oldest`,
    },
    {
      name: 'usual',
      sql: `SELECT ${keys}, slot, value,
    (coalesce(max(CASE WHEN place = CAST((total - 1 - (total - 1) % 2) / 2 AS bigint) THEN amount END), 0)
      + coalesce(max(CASE WHEN place = CAST((total - total % 2) / 2 AS bigint) THEN amount END), 0)) / CAST(2 AS double) AS median
  FROM ranked
  GROUP BY ${keys}, slot, value`,
    },
    {
      name: 'fired',
      sql: `SELECT ${keys}, slot, value\n  FROM usual\n  WHERE value > CAST(${factor} AS double) * median`,
    },
  ];
}

/** The windows that a slot is in, by how many slots later they end. */
function offsets({ slots }: Shape): string {
  const rows = Array.from({ length: slots }, (_, i) => `(${i})`);
  return `(VALUES ${rows.join(', ')}) AS ends (n)`;
}
