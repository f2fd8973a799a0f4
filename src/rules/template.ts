/** Messages with `{field}` in them. */

/** Names a message may use beside fields. */
export const TEMPLATE_SPECIALS = [
  'value',
  'threshold',
  'count',
  'window',
  'rule',
  'title',
  'severity',
  'group',
] as const;

export type TemplatePart = string | { readonly name: string };

export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/**
 * Cuts a message at its placeholders. A `}` that closes nothing is text.
 * @throws TemplateError on a `{` that no `}` closes, or with no name between them
 */
export function templateParts(message: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (;;) {
    const open = message.indexOf('{', from);
    if (open < 0) break;
    const close = message.indexOf('}', open);
    const name = close < 0 ? undefined : message.slice(open + 1, close).trim();
    if (!name || name.includes('{')) {
      const rest = message.slice(open, open + 20);
      throw new TemplateError(`${JSON.stringify(rest)} begins a placeholder that is not one`);
    }
    if (open > from) parts.push(message.slice(from, open));
    parts.push({ name });
    from = close + 1;
  }
  if (from < message.length) parts.push(message.slice(from));
  return parts;
}
