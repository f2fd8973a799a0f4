/** Scalars that several kinds of documents have. */
import { z } from 'zod';
import { DURATION, LONGEST_DURATION, parseDuration } from './duration.ts';
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

export const amountSchema = wanted(
  'a number; one of bytes may carry a unit, like 10MB',
  z.union([z.number(), z.string()]),
);

export const fieldNameSchema = wanted('a field name', z.string().min(1));

export const whole = (least: number, most: number) => z.int().min(least).max(most);
