/**
 * The shape of conditions, for editors and types. What a condition means, and which ones a field
 * takes, is said by match.ts and condition.ts, whose errors name the field.
 */
import { z } from 'zod';
import { FIELDS } from '../records/fields.ts';
import { FLAG_NAMES } from './tcp-flags.ts';
import { wanted } from './wanted.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const number = z.union([z.number(), z.string()]);
const values = z.union([scalar, z.array(scalar).min(1)]);
const flag = z.enum(FLAG_NAMES);
const flags = z.union([flag, z.array(flag).min(1)]);
const prefix = z.union([z.string(), z.number()]);

const tests = {
  gt: number.optional().describe('Greater than'),
  gte: number.optional().describe('At least'),
  lt: number.optional().describe('Less than'),
  lte: number.optional().describe('At most'),
  prefix: z
    .union([prefix, z.array(prefix).min(1)])
    .optional()
    .describe('Beginning of a text field; of a list any one'),
  has: flags.optional().describe('tcp-flags that are all set'),
  lacks: flags.optional().describe('tcp-flags none of which is set'),
};

const negated = z.union([values, z.strictObject(tests).meta({ minProperties: 1 })]);

const conditionSchema = z
  .union([
    values,
    z
      .strictObject({
        ...tests,
        not: negated.optional().describe('The field is there and is none of these'),
        exists: z.boolean().optional().describe('Alone: whether the field is there at all'),
      })
      .meta({ minProperties: 1 }),
  ])
  .meta({
    id: 'condition',
    description:
      'A value; a list of values, ranges, CIDR blocks and $lists of which any one; or comparisons, all required',
  });

export type Condition = z.infer<typeof conditionSchema>;

/** A block of conditions as it is written. */
export interface MatchDocument {
  any?: MatchDocument[] | undefined;
  all?: MatchDocument[] | undefined;
  not?: MatchDocument | undefined;
  [field: string]: Condition | MatchDocument | MatchDocument[] | undefined;
}

const fields = Object.fromEntries(
  FIELDS.map((field) => [field.name, conditionSchema.optional().describe(field.meaning)]),
);

export const matchSchema: z.ZodType<MatchDocument> = z
  .lazy(() =>
    wanted(
      'a block of conditions',
      z
        .object({
          ...fields,
          any: z.array(matchSchema).min(1).optional().describe('At least one block holds'),
          all: z.array(matchSchema).min(1).optional().describe('Every block holds'),
          not: matchSchema.optional().describe('The block does not hold'),
        })
        .catchall(conditionSchema)
        .meta({ minProperties: 1 }),
    ),
  )
  .meta({ id: 'match', description: 'Conditions by field name; every one must hold' });
