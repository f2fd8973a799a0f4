/** JSON Schema of every kind of document, for editors and `rules schema`. */
import { z } from 'zod';
import { filterSchema } from '../config/filter-schema.ts';
import { listSchema } from '../config/list-schema.ts';
import { settingsSchema } from '../config/settings-schema.ts';
import { silenceSchema } from '../config/silence-schema.ts';
import { ruleSchema } from './schema.ts';

/** Kinds of documents, as their files in `schema/` are called. */
export const SCHEMAS = {
  rule: ruleSchema,
  list: listSchema,
  filter: filterSchema,
  silence: silenceSchema,
  settings: settingsSchema,
} as const;

export type SchemaKind = keyof typeof SCHEMAS;

/** Draft 7, which editors read, of what a person writes: keys with a default are optional. */
export function jsonSchema(kind: SchemaKind): Record<string, unknown> {
  return z.toJSONSchema(SCHEMAS[kind], { target: 'draft-7', io: 'input' });
}

/** Every schema by kind. */
export function jsonSchemas(): Record<SchemaKind, Record<string, unknown>> {
  const kinds = Object.keys(SCHEMAS) as SchemaKind[];
  return Object.fromEntries(kinds.map((kind) => [kind, jsonSchema(kind)])) as Record<
    SchemaKind,
    Record<string, unknown>
  >;
}
