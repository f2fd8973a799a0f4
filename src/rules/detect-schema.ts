/** The shape of `detect`: one key for each kind of decision. What a kind needs beside that is said in detect.ts. */
import { z } from 'zod';
import { amountSchema, durationSchema, fieldNameSchema, idSchema } from './basic-schema.ts';
import { matchSchema } from './condition-schema.ts';
import { wanted } from './wanted.ts';

/** Steps that a sequence may have. */
const STEPS = [2, 8] as const;

const fieldNames = z.array(fieldNameSchema).min(1).max(8);
const howMany = wanted('a whole number, at least 0', z.union([z.number(), z.string()]));
const share = wanted('a share like 0.5 or 50%', z.union([z.number(), z.string()]));
const atLeast = (least: number) => z.int().min(least);

const count = z.strictObject({
  above: howMany.describe('Fires when more than this many'),
  of: z
    .enum(['records', 'connections'])
    .default('records')
    .describe('What is counted; `connections` are distinct five-tuples'),
});
const sum = z.strictObject({
  field: fieldNameSchema.describe('A numeric field; records without it add nothing'),
  above: amountSchema.describe('Fires when the sum is more than this'),
});
const distinct = z.strictObject({
  fields: fieldNames.describe(
    'Fields whose values are told apart; records lacking one do not count',
  ),
  above: howMany.describe('Fires when there are more than this many; at most 10000'),
});
const ratio = z.strictObject({
  of: matchSchema.describe('Conditions that a share of the matching records also meets'),
  above: share.describe('Fires when the share is more than this; 0.5 and 50% are the same'),
  min: atLeast(1).default(100).describe('Matching records that it takes to judge'),
});
const spike = z.strictObject({
  of: z
    .string()
    .min(1)
    .default('count')
    .describe('`count` of matching records, or a numeric field for its sum'),
  factor: wanted('a number above 0', z.number().gt(0).max(1e9))
    .default(5)
    .describe("How many times the median of the baseline's windows"),
  min: amountSchema.default(100).describe('Fires only when more than this'),
  baseline: durationSchema.default('24h').describe('Time before the window that is compared with'),
});
const novelty = z.strictObject({
  fields: fieldNames.describe('Fields whose values, with those of `by`, are looked for'),
  learn: durationSchema.default('7d').describe('Silent for so long after the first record'),
  forget: durationSchema.default('30d').describe('What was not seen for so long is new again'),
});
const absent = z.strictObject({
  for: durationSchema.describe('Fires when a group has no record for so long; at least 2m'),
  seen: atLeast(1)
    .default(3)
    .describe('Different spans of `for` a group must have been seen in before'),
});
const beacon = z.strictObject({
  min: atLeast(3).default(8).describe('Connections that it takes'),
  jitter: wanted('a number above 0, up to 2', z.number().gt(0).max(2))
    .default(0.1)
    .describe(
      'Deviation of the gaps between them, as a share of the mean gap, that is still regular',
    ),
});
const unanswered = z.strictObject({
  min: atLeast(1).default(3).describe('Unanswered connections that it takes'),
});
const visibility = z.strictObject({
  of: z
    .enum(['skipped', 'malformed'])
    .describe('Lines with SKIPDATA, for which AWS lost records, or lines that cannot be read'),
  above: share.describe("Fires when the share of the source's lines is more than this"),
  min: atLeast(1).default(100).describe('Lines that it takes to judge'),
});

const members = z.strictObject({
  fields: fieldNames.describe('Fields whose values are told apart'),
  above: howMany.describe('More than this many'),
});
const step = z
  .strictObject({
    match: matchSchema.optional().describe('Conditions of the step, beside those of the rule'),
    above: howMany.optional().describe('With `match`: more than this many records; 0 if absent'),
    distinct: members.optional().describe('With `match`: distinct values in place of records'),
    rule: idSchema.optional().describe('In place of `match`: another rule fires for the group'),
  })
  .meta({ minProperties: 1, maxProperties: 2 });

/** What a rule decides on within its window: exactly one key. */
export const detectSchema = z
  .strictObject({
    count: count.optional().describe('More than `above` matching records, or connections'),
    sum: sum.optional().describe("More than `above` of a field's sum over matching records"),
    distinct: distinct.optional().describe('More than `above` distinct values of `fields`'),
    ratio: ratio
      .optional()
      .describe('More than a share of at least `min` matching records also meets `of`'),
    spike: spike
      .optional()
      .describe('More than `min`, and than `factor` times the median of `baseline`'),
    new: novelty
      .optional()
      .describe('Values of `fields` not seen for `forget`, once `learn` has passed; no `window`'),
    absent: absent
      .optional()
      .describe('No matching record for so long, of a group seen before; no `window`'),
    beacon: beacon.optional().describe('At least `min` connections at regular intervals'),
    unanswered: unanswered.optional().describe('At least `min` connections that nobody answered'),
    sequence: wanted(
      `a list of ${STEPS[0]} to ${STEPS[1]} steps, each a block with match, above, distinct or rule`,
      z.array(step).min(STEPS[0]).max(STEPS[1]),
    )
      .optional()
      .describe(
        `${STEPS[0]} to ${STEPS[1]} steps in this order, each records of its own or the firing of a rule`,
      ),
    visibility: visibility
      .optional()
      .describe(
        "More than a share of a source's lines was lost or unreadable; no `match`, no `by`",
      ),
  })
  .meta({ minProperties: 1, maxProperties: 1 });

export type DetectDocument = z.infer<typeof detectSchema>;
/** A kind as it is written. */
export type DetectKey = keyof DetectDocument;
export const DETECT_KEYS = Object.keys(detectSchema.shape) as readonly DetectKey[];
