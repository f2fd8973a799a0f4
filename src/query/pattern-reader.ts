/** What a filter pattern that somebody wrote lets through, as a match over the format's fields. */
import type { Field } from '../records/fields.ts';
import type { Layout } from '../records/layout.ts';
import { readBlock } from '../rules/blocks.ts';
import type { Match } from '../rules/compiled.ts';
import { UNBOUNDED } from '../rules/intervals.ts';
import { ALWAYS, both, either, isAlways, NEVER, tested, within } from './constants.ts';

const ELLIPSIS = '...';
const TERM = /^\s*\$?[\w.-]*?\s*(!=|<=|>=|=|<|>)\s*(.+?)\s*$/s;

/**
 * A part that is not understood lets nothing through: the answer is never too wide.
 * @returns a match that always holds for the pattern of everything
 */
export function matchOfPattern(pattern: string, { fields }: Layout): Match {
  const text = pattern.trim();
  if (text === '' || /^"\s*"$/.test(text)) return ALWAYS;
  const inner = /^\[(.*)\]$/s.exec(text)?.[1];
  if (inner === undefined) return NEVER;
  const placed = inPlace(split(inner), fields.length);
  if (!placed) return NEVER;
  const asked = placed.map((part, i) => (part ? matchOfPart(part, fields[i]) : ALWAYS));
  return both(...asked.filter((part) => !isAlways(part)));
}

/** Parts by position; an ellipsis stands for as many fields as are left. */
function inPlace(parts: readonly string[], count: number): (string | undefined)[] | undefined {
  const at = parts.indexOf(ELLIPSIS);
  if (at < 0) return parts.length === count ? [...parts] : undefined;
  const left = count - (parts.length - 1);
  if (left < 0 || parts.indexOf(ELLIPSIS, at + 1) >= 0) return undefined;
  const any = Array.from({ length: left }, () => undefined);
  return [...parts.slice(0, at), ...any, ...parts.slice(at + 1)];
}

/** By commas outside quotes and regular expressions. */
function split(text: string): string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"|%[^%]*%|[^,"%])+/gs) ?? [];
  return parts.map((part) => part.trim());
}

function matchOfPart(part: string, field: Field): Match {
  if (!/[=<>]/.test(part)) return ALWAYS;
  // Of a regular expression nothing is known but that it may refuse.
  if (part.includes('%') || part.includes('(')) return NEVER;
  const alternatives = part.split('||').map((one) => {
    const terms = one.split('&&').map((term) => TERM.exec(term));
    return both(...terms.map((term) => (term ? matchOfTerm(term[1], term[2], field) : NEVER)));
  });
  return either(...alternatives);
}

function matchOfTerm(operator: string, written: string, field: Field): Match {
  const value = written.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/g, '$1');
  if (operator === '=' || operator === '!=') {
    const equal = equalTo(value, field);
    if (!equal) return NEVER;
    return operator === '=' ? equal : { not: equal };
  }
  const number = Number(value);
  if (!Number.isSafeInteger(number) || (field.type !== 'number' && field.type !== 'time')) {
    return NEVER;
  }
  const interval = {
    '<': [-UNBOUNDED, number - 1],
    '<=': [-UNBOUNDED, number],
    '>': [number + 1, UNBOUNDED],
    '>=': [number, UNBOUNDED],
  }[operator] as [number, number];
  return within(field.name, { numbers: [interval] });
}

/** undefined for what cannot be said of the field. */
function equalTo(value: string, { name, type }: Field): Match | undefined {
  if (value === '*') return ALWAYS;
  if (value === '-') return tested(name, { exists: false });
  const stars = value.split('*').length - 1;
  if (type === 'address') {
    const block = blockOf(value);
    return block === undefined ? undefined : within(name, { cidrs: [block] });
  }
  if (type === 'string') {
    if (stars === 0) return within(name, { strings: [value] });
    return stars === 1 && value.endsWith('*')
      ? within(name, { prefixes: [value.slice(0, -1)] })
      : undefined;
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? within(name, { numbers: [[number, number]] }) : undefined;
}

/** `10.1.*` as a block, and a plain address. */
function blockOf(value: string): string | undefined {
  const begins = /^((?:\d{1,3}\.){1,3})\*$/.exec(value)?.[1];
  const octets = begins?.slice(0, -1).split('.') ?? [];
  const text = begins
    ? `${[...octets, ...Array.from({ length: 4 - octets.length }, () => '0')].join('.')}/${octets.length * 8}`
    : value;
  const block = readBlock(text);
  return block && 'cidr' in block ? block.cidr : undefined;
}
