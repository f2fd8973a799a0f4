import { z } from 'zod';
import { wanted } from '../rules/wanted.ts';
import { timeSchema } from './filter-schema.ts';

/** Names of days, and of several of them; the week begins on Sunday, as in `Date`. */
export const DAY_NAMES: Readonly<Record<string, readonly number[]>> = {
  sun: [0],
  mon: [1],
  tue: [2],
  wed: [3],
  thu: [4],
  fri: [5],
  sat: [6],
  weekdays: [1, 2, 3, 4, 5],
  weekends: [0, 6],
};

const day = z.enum(Object.keys(DAY_NAMES) as [string, ...string[]]);
const clock = wanted(
  'a time of day from 00:00 to 24:00',
  z.string().regex(/^(?:[01]?\d|2[0-3]):[0-5]\d$|^24:00$/),
);
const value = z.union([z.string(), z.number(), z.boolean()]);

/** Alert fields with a value or several, as silences and routes have them. */
export const alertMatchSchema = wanted(
  'a block of alert fields, each with a value or a list of values',
  z.record(z.string(), z.union([value, z.array(value).min(1)])),
);

const hours = z.strictObject({
  days: wanted(
    `one or a list of ${Object.keys(DAY_NAMES).join(', ')}`,
    z.union([day, z.array(day).min(1)]),
  )
    .optional()
    .describe('Days on which the hours begin; absent: every day'),
  from: clock.optional().describe('When they begin; absent: 00:00'),
  to: clock
    .optional()
    .describe('When they end, on the next day where that is not later than `from`; absent: 24:00'),
  zone: wanted('a time zone like Europe/Zurich', z.string().min(1))
    .optional()
    .describe('Whose clock it is; absent: UTC'),
});

/** Holds notifications back for a time. */
export const silenceSchema = z
  .strictObject({
    match: alertMatchSchema.describe('Which alerts, by their fields; all must hold'),
    from: timeSchema.optional().describe('When it begins; absent: at once'),
    until: timeSchema.optional().describe('When it ends; needed unless there is `during`'),
    during: hours.optional().describe('Only in these hours of the week: a maintenance window'),
    reason: z.string().max(1000).optional().describe('Why, for whoever reads it next'),
  })
  .meta({ title: 'flowlog-alerts silence' });
