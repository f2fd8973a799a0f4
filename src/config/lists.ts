/** List documents into the values that conditions compare with. */
import type { ConfigDocument } from '../ports/config-source.ts';
import { readBlock } from '../rules/blocks.ts';
import type { CompiledList } from '../rules/compiled.ts';
import { type Interval, normalise } from '../rules/intervals.ts';
import { type Path, type Problem, show } from '../rules/problem.ts';
import { Reporter } from '../rules/reporter.ts';
import { validate } from '../rules/validate.ts';
import { ipRangesSchema, listSchema } from './list-schema.ts';
import { readSingle } from './text.ts';

export interface ListResult {
  readonly list?: CompiledList;
  readonly problems: readonly Problem[];
}

/** Reads one part of a list: `{ values: [...] }`, or AWS's ip-ranges.json as it is downloaded. */
export function compileList(document: ConfigDocument, name: string): ListResult {
  const ranges = ipRanges(document.text);
  if (ranges) return { list: ranges, problems: [] };
  const { documents, problems } = readSingle(document, 'lists');
  const [read] = documents;
  if (!read) return { problems: problems.map((problem) => ({ ...problem, rule: name })) };
  const report = new Reporter(document.origin, read, name);
  const { document: written, wrong } = validate(listSchema, read.value, report);
  const list = compileValues(written?.values ?? [], ['values'], report);
  if (!written && wrong.size === 0) report.error(['values'], 'is missing');
  return { ...(!report.failed && { list }), problems: report.problems };
}

/** Sorts values by what they can be compared with. */
export function compileValues(
  values: readonly (string | number)[],
  path: Path,
  report: Reporter,
): CompiledList {
  const numbers: Interval[] = [];
  const cidrs = new Set<string>();
  const strings = new Set<string>();
  for (const [index, value] of values.entries()) {
    const at = [...path, index];
    // Account ids and tags are digits too: as text, a number counts as it is written.
    const text = typeof value === 'string' ? value.trim() : (report.source(at) ?? String(value));
    const block = readBlock(text);
    if (text === '') report.error(at, 'found an empty text', 'remove it');
    else if (text.startsWith('$'))
      report.error(at, `found ${show(text)}; a list cannot name another`, 'write its values');
    else if (block)
      'cidr' in block ? cidrs.add(block.cidr) : report.error(at, block.wrong, block.hint);
    else {
      strings.add(text);
      const interval = readInterval(text, at, report);
      if (interval) numbers.push(interval);
    }
  }
  return { numbers: normalise(numbers), cidrs: [...cidrs].sort(), strings: [...strings].sort() };
}

function readInterval(text: string, path: Path, report: Reporter): Interval | undefined {
  const parts = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(text);
  if (!parts) {
    if (/^[\d.]+$/.test(text)) report.warning(path, `${show(text)} is no address and kept as text`);
    return undefined;
  }
  const low = Number(parts[1]);
  const high = Number(parts[2] ?? low);
  if (low > high) {
    return report.error(path, `the range ${show(text)} is backwards`, `write ${high}-${low}`);
  }
  return Number.isSafeInteger(high) ? [low, high] : undefined;
}

/** Puts the parts of a list together. */
export function mergeLists(parts: readonly CompiledList[]): CompiledList {
  if (parts.length === 1) return parts[0];
  return {
    numbers: normalise(parts.flatMap((part) => part.numbers)),
    cidrs: [...new Set(parts.flatMap((part) => part.cidrs))].sort(),
    strings: [...new Set(parts.flatMap((part) => part.strings))].sort(),
  };
}

/** The file is a megabyte and more, so it is not given to the YAML parser. */
function ipRanges(text: string): CompiledList | undefined {
  if (!text.startsWith('{') || !text.includes('"ip_prefix"')) return undefined;
  try {
    const file = ipRangesSchema.parse(JSON.parse(text));
    const cidrs = [
      ...file.prefixes.map((prefix) => prefix.ip_prefix),
      ...file.ipv6_prefixes.map((prefix) => prefix.ipv6_prefix),
    ].flatMap((text) => {
      const block = readBlock(text);
      return block && 'cidr' in block ? [block.cidr] : [];
    });
    return { numbers: [], cidrs: [...new Set(cidrs)].sort(), strings: [] };
  } catch {
    return undefined;
  }
}
