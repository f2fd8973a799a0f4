/** The one description of a rule document: types, JSON Schema and reference are made from it. */
import { z } from 'zod';
import { durationSchema, fieldNameSchema, idSchema, whole } from './basic-schema.ts';
import { SEVERITIES } from './compiled.ts';
import { matchSchema } from './condition-schema.ts';
import { detectSchema } from './detect-schema.ts';
import { testSchema } from './test-schema.ts';
import { wanted } from './wanted.ts';

const text = (most: number) =>
  wanted(`a text of 1 to ${most} characters`, z.string().min(1).max(most));
const web = wanted('a web address, https://...', z.string().regex(/^https?:\/\/\S+$/));
const tag = wanted(
  'a tag of letters, digits and . _ -',
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
);
const groupName = wanted(
  'a field name, with ? after it if the field may be absent',
  z.string().min(1),
);

const metric = z.strictObject({
  name: wanted(
    'a metric name of letters, digits and . _ -',
    z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{0,99}$/),
  ),
  value: wanted(
    'count, value, a numeric field or { sum: a numeric field }',
    z.union([z.string().min(1), z.strictObject({ sum: fieldNameSchema })]),
  )
    .default('count')
    .describe(
      "`count` of matching records, `value` for the window's greatest, or a numeric field for its sum",
    ),
});

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

const inhibits = z.strictObject({
  rules: z
    .array(tag)
    .min(1)
    .optional()
    .describe('Ids or tags of the rules held back; absent: all of lower severity'),
  severity: z
    .array(z.enum(SEVERITIES))
    .min(1)
    .optional()
    .describe('Severities held back; absent: lower ones, or any where `rules` names them'),
  equal: z
    .array(fieldNameSchema)
    .min(1)
    .max(8)
    .describe('Fields of `by` that must have the same value in both groups'),
});

const promote = z.strictObject({
  after: durationSchema.describe('Time in shadow that is looked at; at least 1h'),
  below: whole(1, 1_000).describe('It is promoted where it would have sent fewer alerts in it'),
});

const budget = z.strictObject({
  perDay: whole(1, 100_000).describe('Alerts a day, in UTC, that are sent one by one'),
  // biome-ignore lint/suspicious/noThenProperty: as it is written in a rule; its value is a text
  then: z
    .enum(['digest'])
    .default('digest')
    .describe('`digest`: the rest in one summary a day, until a day is within the budget'),
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
      .describe(
        'Time that `detect` looks at, needed by all kinds but `new` and `absent`; at least two slots, so more than one minute',
      ),
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
    promote: promote.optional().describe('When a rule in shadow becomes live by itself'),
    budget: budget.optional().describe('How many alerts a day it may send'),
    metric: metric.optional().describe('A CloudWatch metric of its own'),
    alarm: alarm.optional().describe('A CloudWatch alarm on the metric, or on `Matches`'),
    resolve: z
      .boolean()
      .optional()
      .describe('Whether to tell when it is over; absent: `true` for rules with a `window`'),
    repeat: durationSchema
      .optional()
      .describe('Tell again at this interval while it lasts; at least 5m'),
    inhibits: inhibits.optional().describe('What its open alerts hold back'),
    tests: z.array(testSchema).min(1).optional().describe('Flows with the alerts they must give'),
  })
  .meta({ title: 'flowlog-alerts rule' });

/** A rule as it is written, defaults filled in. */
export type RuleDocument = z.infer<typeof ruleSchema>;
