import type { Log } from '../../ports/log.ts';

/**
 * A log of one JSON line an event: `{ level, event, time, ...fields }`, where fields cannot hide
 * the first three. Never throws: what JSON cannot hold is written as text.
 */
export function jsonLog(
  write: (line: string) => void = (line) => process.stdout.write(line),
  now: () => number = Date.now,
): Log {
  return (level, event, fields = {}) => {
    const head = { level, event, time: new Date(now()).toISOString() };
    write(`${lineOf(head, fields)}\n`);
  };
}

type Fields = Readonly<Record<string, unknown>>;

function lineOf(head: Fields, fields: Fields): string {
  try {
    return JSON.stringify({ ...head, ...fields, ...head }, plain);
  } catch {
    // One odd value (a cycle, a getter that throws) must not cost the others.
    const line: Record<string, unknown> = { ...head };
    for (const name of Object.keys(fields)) {
      if (!(name in head)) line[name] = readable(fields, name);
    }
    return JSON.stringify(line, plain);
  }
}

function readable(fields: Fields, name: string): unknown {
  try {
    const value = fields[name];
    JSON.stringify(value, plain);
    return value;
  } catch (error) {
    return `[unprintable: ${error instanceof Error ? error.message.split('\n')[0] : 'odd value'}]`;
  }
}

function plain(this: Fields, key: string, value: unknown): unknown {
  // A Buffer has turned itself into a list of numbers by the time it comes here.
  const raw = this[key];
  if (ArrayBuffer.isView(raw)) return `[${raw.byteLength} bytes]`;
  switch (typeof value) {
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'function':
      return '[function]';
    case 'object':
      return value === null ? null : plainObject(value);
    default:
      return value;
  }
}

function plainObject(value: object): unknown {
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    return { name, message, stack, ...(cause === undefined ? {} : { cause }) };
  }
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value;
}
