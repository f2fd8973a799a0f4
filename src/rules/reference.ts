/** Tables of docs/rules.md that are made from the schema and the field table. */
import { z } from 'zod';
import { filterSchema } from '../config/filter-schema.ts';
import { settingsSchema } from '../config/settings-schema.ts';
import { silenceSchema } from '../config/silence-schema.ts';
import { DERIVED_FIELDS, type Field, LOGGED_FIELDS } from '../records/fields.ts';
import { detectSchema } from './detect-schema.ts';
import { PROTOCOL_NAMES } from './protocols.ts';
import { ruleSchema } from './schema.ts';
import { TEMPLATE_SPECIALS } from './template.ts';
import { unwrap, wantedText } from './wanted.ts';

/** The generated parts of the page, by the name between their marks. */
export function referenceTables(): Record<string, string> {
  return {
    'rule keys': keyTable(ruleSchema),
    'detect kinds': detectTable(),
    'detect keys': kindTable(),
    'filter keys': keyTable(filterSchema),
    'silence keys': keyTable(silenceSchema),
    'settings keys': keyTable(settingsSchema),
    protocols: PROTOCOL_NAMES.map((name) => `\`${name}\``).join(', '),
    placeholders: TEMPLATE_SPECIALS.map((name) => `\`{${name}}\``).join(', '),
    'logged fields': fieldTable(LOGGED_FIELDS, true),
    'derived fields': fieldTable(DERIVED_FIELDS, false),
  };
}

const mark = (name: string) => `<!-- generated: ${name} -->`;
const END = '<!-- end -->';

/**
 * The page with its generated parts renewed.
 * @throws Error when a part has no place in the page
 */
export function renewReference(page: string): string {
  let renewed = page;
  for (const [name, table] of Object.entries(referenceTables())) {
    const from = renewed.indexOf(mark(name));
    const to = renewed.indexOf(END, from);
    if (from < 0 || to < 0) throw new Error(`docs/rules.md has no part ${mark(name)} ... ${END}`);
    const gap = table.startsWith('|') ? '\n\n' : '\n';
    renewed = `${renewed.slice(0, from)}${mark(name)}${gap}${table}${gap}${renewed.slice(to)}`;
  }
  return renewed;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function keyTable(schema: z.ZodObject): string {
  const rows = Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, value]) => {
    return [`\`${key}\``, takes(value), defaultOf(value), meaning(value)];
  });
  return table(['key', 'takes', 'default', 'meaning'], rows);
}

function takes(schema: z.ZodType): string {
  const inner = unwrap(schema);
  const block = inner instanceof z.ZodObject || inner instanceof z.ZodArray;
  return block ? blockText(inner) : wantedText(inner);
}

function blockText(schema: z.ZodType): string {
  if (schema instanceof z.ZodArray) {
    const item = unwrap(schema.element as z.ZodType);
    return item instanceof z.ZodObject ? 'a list of blocks' : wantedText(schema);
  }
  const text = wantedText(schema);
  return text.startsWith('a block with ') ? keysText(schema as z.ZodObject) : text;
}

function keysText(schema: z.ZodObject): string {
  return `{ ${Object.keys(schema.shape).join(', ')} }`;
}

function meaning(schema: z.ZodType): string {
  return schema.description ?? unwrap(schema).description ?? '';
}

function defaultOf(schema: z.ZodType): string {
  if (!(schema instanceof z.ZodDefault)) return schema instanceof z.ZodOptional ? '' : 'required';
  const value = schema.def.defaultValue as unknown;
  return typeof value === 'string' ? `\`${value}\`` : `\`${JSON.stringify(value)}\``;
}

function detectTable(): string {
  const kinds = Object.entries(detectSchema.shape as Record<string, z.ZodType>);
  const rows = kinds.map(([kind, value]) => {
    const inner = unwrap(value);
    const block = inner instanceof z.ZodArray ? unwrap(inner.element as z.ZodType) : inner;
    const keys = keysText(block as z.ZodObject);
    const text = inner instanceof z.ZodArray ? `[${keys}, ...]` : keys;
    return [`\`${kind}: ${text}\``, meaning(value)];
  });
  return table(['kind', 'fires when, within `window`, per group'], rows);
}

/** The keys of every kind's block, by kind, with their defaults. */
function kindTable(): string {
  const rows = Object.entries(detectSchema.shape as Record<string, z.ZodType>).flatMap(
    ([kind, value]) => {
      const inner = unwrap(value);
      const block = inner instanceof z.ZodArray ? unwrap(inner.element as z.ZodType) : inner;
      const members = Object.entries((block as z.ZodObject).shape as Record<string, z.ZodType>);
      return members.map(([key, member]) => [
        `\`${kind}.${key}\``,
        takes(member),
        defaultOf(member),
        meaning(member),
      ]);
    },
  );
  return table(['key', 'takes', 'default', 'meaning'], rows);
}

function fieldTable(fields: readonly Field[], versions: boolean): string {
  const rows = fields.map((field) => [
    `\`${field.name}\``,
    field.type,
    ...(versions ? [String(field.version)] : []),
    field.meaning,
  ]);
  return table(['field', 'type', ...(versions ? ['version'] : []), 'meaning'], rows);
}
