/** The one description of a rule document: types, JSON Schema and reference are made from it. */
import { z } from 'zod';
import { SEVERITIES } from './compiled.ts';
import { matchSchema } from './condition-schema.ts';
import { DURATION, LONGEST_DURATION, parseDuration } from './duration.ts';
import { testSchema } from './test-schema.ts';
import { wanted } from './wanted.ts';

/** Ids of rules and filters, and names of channels. */
export const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
const ID_TEXT = 'an id of up to 63 of a-z, 0-9 and -, the first no hyphen';

export const idSchema = wanted(ID_TEXT, z.string().regex(ID));

export const durationSchema = wanted(
  'a duration like 30s, 5m, 1h30m or 7d, or seconds',
  z.union([
    z.int().min(0).max(LONGEST_DURATION),
    z
      .string()
      .regex(DURATION)
      .refine((text) => parseDuration(text) !== undefined),
  ]),
);

const text = (most: number) =>
  wanted(`a text of 1 to ${most} characters`, z.string().min(1).max(most));
const web = wanted('a web address, https://...', z.string().regex(/^https?:\/\/\S+$/));
const tag = wanted(
  'a tag of letters, digits and . _ -',
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
);
const amount = wanted(
  'a number; one of bytes may carry a unit, like 10MB',
  z.union([z.number(), z.string()]),
);
const fieldName = wanted('a field name', z.string().min(1));
const groupName = wanted(
  'a field name, with ? after it if the field may be absent',
  z.string().min(1),
);

const count = z.strictObject({
  above: amount.describe('Fires when more than this many'),
  of: z
    .enum(['records', 'connections'])
    .default('records')
    .describe('What is counted; this version counts records'),
});
const sum = z.strictObject({
  field: fieldName.describe('A numeric field; records without it add nothing'),
  above: amount.describe('Fires when the sum is more than this'),
});

/** What a rule decides on within its window: exactly one key. */
export const detectSchema = z
  .strictObject({
    count: count.optional().describe('More than `above` matching records'),
    sum: sum.optional().describe("More than `above` of a field's sum over matching records"),
  })
  .meta({ minProperties: 1, maxProperties: 1 });

const metric = z.strictObject({
  name: wanted(
    'a metric name of letters, digits and . _ -',
    z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{0,99}$/),
  ),
  value: wanted(
    'count, value, a numeric field or { sum: a numeric field }',
    z.union([z.string().min(1), z.strictObject({ sum: fieldName })]),
  )
    .default('count')
    .describe(
      "`count` of matching records, `value` for the window's greatest, or a numeric field for its sum",
    ),
});

const whole = (least: number, most: number) => z.int().min(least).max(most);

const alarm = z.strictObject({
  above: z.number().optional().describe('Static threshold'),
  band: z
    .number()
    .min(0.1)
    .max(100)
    .optional()
    .describe('Width of the anomaly band, in deviations'),
  period: durationSchema.default('1m').describe('Whole minutes, up to a day'),
  periods: whole(1, 1440).default(1).describe('Periods that must breach'),
  of: whole(1, 1440).optional().describe('Periods looked at; `periods` if absent'),
});

export const ruleSchema = z
  .strictObject({
    id: idSchema.optional().describe('The SSM name or file name when absent'),
    title: text(200).optional().describe('First line of a notification; the id when absent'),
    description: text(4000).optional().describe('Why it matters'),
    severity: z.enum(SEVERITIES).default('medium').describe('How urgent a firing is'),
    enabled: z.boolean().default(true).describe('`false` leaves the rule out'),
    tags: z.array(tag).default([]).describe('For filters and subscriptions, e.g. attack.t1021.004'),
    references: z.array(web).default([]).describe('Pages to read'),
    runbook: web.optional().describe('What to do about a firing'),
    match: matchSchema.optional().describe('Which records are evidence; needed without `detect`'),
    detect: detectSchema.optional().describe('When to fire; absent: at every matching record'),
    by: z
      .array(groupName)
      .min(1)
      .max(8)
      .optional()
      .describe('One alert per group of these fields; absent: one per rule'),
    window: durationSchema
      .optional()
      .describe('Time that `detect` looks at; at least two slots, so more than one minute'),
    cooldown: durationSchema
      .default('1h')
      .describe('No second notification for the same group sooner'),
    storm: whole(1, 10_000)
      .default(20)
      .describe('Notifications per 5 minutes before the rest fold into one'),
    message: text(1000).optional().describe('Text of a notification, with `{field}` in it'),
    to: z.array(idSchema).min(1).default(['default']).describe('Channels'),
    mode: z
      .enum(['live', 'shadow', 'signal'])
      .default('live')
      .describe('`shadow` counts and logs without notifying; `signal` feeds sequences'),
    metric: metric.optional().describe('A CloudWatch metric of its own'),
    alarm: alarm.optional().describe('A CloudWatch alarm on the metric, or on `Matches`'),
    resolve: z.boolean().optional().describe('Whether to tell when it is over'),
    repeat: durationSchema.optional().describe('Tell again at this interval while it lasts'),
    tests: z.array(testSchema).min(1).optional().describe('Flows with the alerts they must give'),
  })
  .meta({ title: 'flowlog-alerts rule' });

/** A rule as it is written, defaults filled in. */
export type RuleDocument = z.infer<typeof ruleSchema>;
