/** `new` as a query: groups that were not seen for long. */
import type { Detect } from '../../rules/compiled.ts';
import type { Shape, Steps } from './windows.ts';

export function firstSeen(
  { keys: names }: Shape,
  { learn, forget }: Extract<Detect, { kind: 'new' }>,
): Steps {
  const keys = names.join(', ');
  return [
    { name: 'seen', sql: 'SELECT min(t) AS since\n  FROM flows' },
    {
      name: 'slots',
      sql: `SELECT ${keys}, slot, min(t) AS began, max(t) AS latest, count(*) AS value\n  FROM counted\n  GROUP BY ${keys}, slot`,
    },
    {
      name: 'sightings',
      sql: `SELECT ${keys}, slot, value, began, max(latest) OVER (PARTITION BY ${keys} ORDER BY slot ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS seen_before\n  FROM slots`,
    },
    {
      name: 'fired',
      sql: `SELECT ${keys}, slot, value
  FROM sightings CROSS JOIN seen
  WHERE (seen_before IS NULL OR began - seen_before >= ${forget}) AND began >= since + ${learn}`,
    },
  ];
}
