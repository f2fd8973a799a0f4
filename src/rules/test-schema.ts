/** Tests that a rule carries: flows, and the groups they must alert. */
import { z } from 'zod';
import { matchSchema } from './condition-schema.ts';
import { wanted } from './wanted.ts';

const fieldValue = wanted(
  'a value, or null for an absent field',
  z.union([z.string(), z.number(), z.boolean(), z.null()]),
);

const duration = wanted(
  'a duration like 1s or 5m, or seconds',
  z.union([z.int().min(0), z.string()]),
);

const step = wanted(
  'a whole number other than 0',
  z.int().refine((value) => value !== 0),
);

/** Keys of a flow that are not fields. */
export const FLOW_KEYS = ['repeat', 'every', 'at', 'vary'] as const;

/** A flow: field values over defaults, and how often it comes. */
const flowSchema = z
  .object({
    repeat: z.int().min(1).max(1_000_000).optional().describe('Copies of it'),
    every: duration.optional().describe('Time from one copy to the next'),
    at: duration.optional().describe('Time from the beginning to the first copy'),
    vary: z
      .record(z.string(), step)
      .optional()
      .describe('By how much numbers and addresses grow from one copy to the next'),
  })
  .catchall(fieldValue);

const testFilter = z.strictObject({
  rules: z.union([z.string(), z.array(z.string())]).optional(),
  match: matchSchema,
  until: z.string().optional(),
  reason: z.string().optional(),
});

export const testSchema = z.strictObject({
  name: wanted('a sentence', z.string().min(1).max(200)).describe('What it shows'),
  flows: z.array(flowSchema).min(1).describe('Field values; what is left out has a default'),
  expect: z
    .array(z.record(z.string(), fieldValue))
    .describe('Groups alerted, as by-field to value; `[{}]` without `by`, `[]` for none'),
  lists: z
    .record(z.string(), z.array(z.union([z.string(), z.number()])))
    .optional()
    .describe('Lists in place of those of the folder'),
  filters: z.array(testFilter).optional().describe('Filters in place of those of the folder'),
});

export type RuleTest = z.infer<typeof testSchema>;

export interface FlowTemplate {
  repeat?: number | undefined;
  every?: string | number | undefined;
  at?: string | number | undefined;
  vary?: Readonly<Record<string, number>> | undefined;
  [field: string]: string | number | boolean | null | undefined | Readonly<Record<string, number>>;
}
