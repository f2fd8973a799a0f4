/** Cuts a long list into parts, each of them a list document. */
import type { CompiledList } from '../../rules/compiled.ts';
import { readDocuments } from '../../rules/read.ts';
import { compileList, mergeLists } from '../lists.ts';

/**
 * Parts of at most so many bytes. A list with a value a line keeps its text, so that the parts
 * joined are what was cut; any other is written anew, a value a line.
 * @returns undefined where the text is no list
 */
export function splitList(text: string, bytes: number): string[] | undefined {
  const whole = compile(text);
  if (!whole) return undefined;
  const kept = cut(text, bytes);
  if (kept && sameValues(kept, whole)) return kept;
  return cut(written(whole, descriptionOf(text)), bytes);
}

/** A comment above a value goes with it. */
function cut(text: string, bytes: number): string[] | undefined {
  const lines = text.split(/(?<=\n)/);
  const start = lines.findIndex((line) => /^values:[ \t]*(#.*)?\r?\n?$/.test(line));
  if (start < 0) return undefined;
  const again = `values:${lines[start].endsWith('\r\n') ? '\r\n' : '\n'}`;
  const parts: string[] = [];
  let part = lines.slice(0, start + 1).join('');
  let size = Buffer.byteLength(part);
  let pending = '';
  let values = 0;
  for (const line of lines.slice(start + 1)) {
    pending += line;
    if (!/^[ \t]*- /.test(line)) continue;
    const more = Buffer.byteLength(pending);
    if (values > 0 && size + more > bytes) {
      parts.push(part);
      part = again;
      size = again.length;
      values = 0;
    }
    part += pending;
    size += more;
    pending = '';
    values++;
  }
  parts.push(part + pending);
  return parts.every((one) => Buffer.byteLength(one) <= bytes) ? parts : undefined;
}

/** Whether cutting the text between lines has cut no value, quote or anchor. */
function sameValues(parts: readonly string[], whole: CompiledList): boolean {
  const compiled = parts.map(compile);
  if (compiled.includes(undefined)) return false;
  const merged = mergeLists(compiled as CompiledList[]);
  return JSON.stringify(merged) === JSON.stringify(whole);
}

function written({ cidrs, strings }: CompiledList, description: string | undefined): string {
  // Numbers and ranges are among the texts as well.
  const values = [...cidrs, ...strings];
  const head = description === undefined ? '' : `description: ${JSON.stringify(description)}\n`;
  return `${head}values:\n${values.map((value) => `  - ${JSON.stringify(value)}\n`).join('')}`;
}

function descriptionOf(text: string): string | undefined {
  // AWS's file of ranges has none, and is long.
  if (text.includes('"ip_prefix"')) return undefined;
  const [read] = readDocuments(text, 'long').documents;
  const { description } = (read?.value ?? {}) as { description?: unknown };
  return typeof description === 'string' ? description : undefined;
}

function compile(text: string): CompiledList | undefined {
  return compileList({ path: 'lists/long', text, origin: 'long' }, 'long').list;
}
