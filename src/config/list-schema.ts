import { z } from 'zod';
import { wanted } from '../rules/wanted.ts';

/** A list of values that rules name by `$`. */
export const listSchema = z
  .strictObject({
    description: z.string().max(4000).optional().describe('What is on it'),
    values: z
      .array(wanted('a text or a number', z.union([z.string(), z.number()])))
      .describe('Addresses, CIDR blocks, numbers, ranges or texts; an empty list matches nothing'),
  })
  .meta({ title: 'flowlog-alerts list' });

/** The parts of AWS's ip-ranges.json that make a list. */
export const ipRangesSchema = z.object({
  syncToken: z.string(),
  prefixes: z.array(z.object({ ip_prefix: z.string() })),
  ipv6_prefixes: z.array(z.object({ ipv6_prefix: z.string() })),
});
