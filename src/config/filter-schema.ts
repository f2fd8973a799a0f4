import { z } from 'zod';
import { matchSchema } from '../rules/condition-schema.ts';
import { wanted } from '../rules/wanted.ts';

/** A day, or a time with its offset: without one it would mean another moment on every machine. */
const TIME = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d))?$/;

export const timeSchema = wanted(
  'a day like 2026-12-31 or a time like 2026-12-31T18:00:00Z, with Z or an offset',
  z.string().regex(TIME),
);

/** Tunes rules without editing them. */
export const filterSchema = z
  .strictObject({
    rules: wanted(
      'a list of rule ids, tags or "*"',
      z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
    ).describe('Ids or tags of the rules that do not see the records, or "*"'),
    match: matchSchema.describe('Which records'),
    until: timeSchema.optional().describe("Compared with the record's start; absent: for ever"),
    reason: z.string().max(1000).optional().describe('Why, for whoever reads it next'),
  })
  .meta({ title: 'flowlog-alerts filter' });
