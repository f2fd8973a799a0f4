/** Holds a document against its schema and says what is wrong in the product's own words. */
import type { z } from 'zod';
import { formatPath, type Path, show } from './problem.ts';
import type { Reporter } from './reporter.ts';
import { didYouMean } from './suggest.ts';
import { allowedKeys, schemaAt, wantedText } from './wanted.ts';

/** The usable part of a document. */
export interface Validated<T> {
  /** Undefined where a required key is missing or wrong. */
  readonly document: T | undefined;
  /** Top-level keys with errors; they are absent from the document. */
  readonly wrong: ReadonlySet<string>;
}

export interface ValidateOptions {
  /** Places that somebody else judges with better messages: their schema errors are not reported. */
  readonly elsewhere?: (path: Path) => boolean;
}

/**
 * Checks every key, so that one round shows every error, and gives back what is right, so that
 * checks that need several keys can still run on it.
 */
export function validate<S extends z.ZodType>(
  schema: S,
  value: unknown,
  report: Reporter,
  options: ValidateOptions = {},
): Validated<z.output<S>> {
  const first = schema.safeParse(value);
  if (first.success) return { document: first.data, wrong: new Set() };
  const wrong = new Set<string>();
  const told = new Set<string>();
  for (const issue of first.error.issues) {
    const path = issue.path as Path;
    if (options.elsewhere?.(path)) {
      wrong.add(String(path[0]));
    } else if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        wrong.add(String(path[0] ?? key));
        reportUnknownKey(schema, path, key, report);
      }
    } else if (!told.has(formatPath(path))) {
      told.add(formatPath(path));
      wrong.add(String(path[0] ?? ''));
      reportIssue(schema, value, path, report);
    }
  }
  if (typeof value !== 'object' || value === null) return { document: undefined, wrong };
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !wrong.has(key)));
  const second = schema.safeParse(rest);
  return { document: second.success ? second.data : undefined, wrong };
}

function reportUnknownKey(schema: z.ZodType, path: Path, key: string, report: Reporter): void {
  const allowed = allowedKeys(schemaAt(schema, path)) ?? [];
  const message = `unknown key ${show(key)}; allowed: ${allowed.join(', ')}`;
  report.error([...path, key], message, didYouMean(key, allowed));
}

function reportIssue(schema: z.ZodType, value: unknown, path: Path, report: Reporter): void {
  const found = valueAt(value, path);
  const place = schemaAt(schema, path);
  const text = wantedText(place);
  const missing = found === undefined && path.length > 0;
  const message = missing ? `is missing; wanted: ${text}` : `found ${show(found)}; wanted: ${text}`;
  report.error(path, message, hint(place, found));
}

function hint(schema: z.ZodType | undefined, found: unknown): string | undefined {
  const options = schema && 'options' in schema ? schema.options : undefined;
  if (typeof found === 'string' && Array.isArray(options) && options.every(isString)) {
    return didYouMean(found, options);
  }
  if (typeof found === 'string' && /^(?:yes|no|on|off)$/i.test(found)) {
    return schema?.def.type === 'boolean' ? 'YAML 1.2 knows true and false only' : undefined;
  }
  if (found === null && schema?.safeParse({}).success) return 'write {} for the defaults';
  if (schema?.def.type === 'array' && found !== undefined && !Array.isArray(found)) {
    return typeof found === 'object' ? undefined : `write [${String(found)}]`;
  }
  return undefined;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) {
      return undefined;
    }
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}
