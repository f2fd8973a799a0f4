/** What a message says is allowed at a place of a document. */
import { z } from 'zod';

/** Sentences for schemas whose type alone says too little, e.g. "a duration like 5m". */
const wantedTexts = z.registry<{ text: string }>();

/** Attaches the sentence, as part of building a schema. */
export function wanted<T extends z.ZodType>(text: string, schema: T): T {
  wantedTexts.add(schema, { text });
  return schema;
}

/** The schema without optional, default and lazy around it. */
export function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodLazy
  ) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

/** The schema that governs a place, or undefined for a key that is not allowed. */
export function schemaAt(root: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let schema: z.ZodType | undefined = unwrap(root);
  for (const step of path) {
    schema = schema && member(schema, step);
    if (!schema) return undefined;
    schema = unwrap(schema);
  }
  return schema;
}

function member(schema: z.ZodType, step: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<PropertyKey, z.ZodType>;
    if (Object.hasOwn(shape, step)) return shape[step];
    return schema.def.catchall as z.ZodType | undefined;
  }
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodUnion) {
    for (const option of schema.options as readonly z.ZodType[]) {
      const found = member(unwrap(option), step);
      if (found) return found;
    }
  }
  return undefined;
}

/** The keys a block takes; undefined where any key goes. */
export function allowedKeys(schema: z.ZodType | undefined): string[] | undefined {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodUnion) {
    const options = schema.options as readonly z.ZodType[];
    return options.map((option) => allowedKeys(unwrap(option))).find(Boolean);
  }
  return undefined;
}

/** Describes what a schema takes, as a noun. */
export function wantedText(schema: z.ZodType | undefined): string {
  const registered = schema && wantedTexts.get(schema)?.text;
  if (registered) return registered;
  if (schema instanceof z.ZodEnum) return `one of ${schema.options.join(', ')}`;
  if (schema instanceof z.ZodBoolean) return 'true or false';
  if (schema instanceof z.ZodString) return 'a text';
  if (schema instanceof z.ZodNumber) return numberText(schema);
  if (schema instanceof z.ZodArray)
    return `a list, each item ${wantedText(unwrap(schema.element as z.ZodType))}`;
  if (schema instanceof z.ZodObject) return `a block with ${Object.keys(schema.shape).join(', ')}`;
  if (schema instanceof z.ZodRecord) return 'a block';
  if (schema instanceof z.ZodUnion) {
    const options = schema.options as readonly z.ZodType[];
    return options.map((option) => wantedText(unwrap(option))).join(' or ');
  }
  return 'something else';
}

function numberText(schema: z.ZodNumber): string {
  const kind = schema.isInt ? 'a whole number' : 'a number';
  const { minValue, maxValue } = schema;
  const least = minValue !== null && minValue > Number.MIN_SAFE_INTEGER ? minValue : undefined;
  const most = maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER ? maxValue : undefined;
  if (least !== undefined && most !== undefined) return `${kind} from ${least} to ${most}`;
  return least === undefined ? kind : `${kind}, at least ${least}`;
}
