/** The order of a format's fields, from a LogFormat string or a header line. */
import { FIELD_NAME, type Field, fieldNamed, unknownField } from './fields.ts';

export interface Layout {
  /** The LogFormat that made it, for messages and to name it in digests. */
  readonly format: string;
  readonly fields: readonly Field[];
}

export class LayoutError extends Error {
  override readonly name = 'LayoutError';
}

/** The format AWS uses when none is chosen (version 2). */
export const DEFAULT_FORMAT =
  '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}';

/**
 * Reads a LogFormat (`${version} ${srcaddr} ...`) or a header line (`version srcaddr ...`).
 * A name that the field table does not have becomes a string field.
 * @throws LayoutError on an empty format, a malformed token or a repeated field
 */
export function parseLayout(format: string): Layout {
  const tokens = format
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean);
  if (tokens.length === 0) throw new LayoutError('the format names no field');
  const seen = new Set<string>();
  const fields = tokens.map((token) => {
    const name = /^\$\{([^}]*)\}$/.exec(token)?.[1] ?? token;
    const written = name.replaceAll('_', '-');
    if (!FIELD_NAME.test(written)) {
      throw new LayoutError(`"${token}" is not a field; write names like \${srcaddr} or srcaddr`);
    }
    const field = fieldNamed(written);
    // A rule that says `duration` means the derived field, whatever AWS may call one of its own.
    const canonical = field?.version === 0 ? `logged-${written}` : written;
    if (seen.has(canonical)) throw new LayoutError(`the field ${canonical} stands twice`);
    seen.add(canonical);
    return field && field.version > 0 ? field : unknownField(canonical);
  });
  return { format: fields.map((field) => `\${${field.name}}`).join(' '), fields };
}

/**
 * The layout a line names, if it is a header: every token a field name, at least one of them known.
 * Flow records never qualify, as their version or addresses begin with a digit and others are upper case.
 */
export function layoutOfHeader(line: string): Layout | undefined {
  const tokens = line.trim().split(/\s+/);
  if (!tokens.every((token) => FIELD_NAME.test(token))) return undefined;
  if (!tokens.some((token) => (fieldNamed(token)?.version ?? 0) > 0)) return undefined;
  try {
    return parseLayout(line);
  } catch {
    return undefined;
  }
}

export const DEFAULT_LAYOUT: Layout = parseLayout(DEFAULT_FORMAT);
