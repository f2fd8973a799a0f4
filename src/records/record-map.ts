/** One line as field names and values, for alerts and explanations. */

import { formatIpv6, parseAddress } from './address.ts';
import { type Layout, parseLayout } from './layout.ts';
import { serviceName } from './services.ts';

/** Fields that a line has, as numbers or text; absent ones are left out. */
export type RecordValues = Record<string, string | number>;

/** Blanks and control characters; the blanks of other scripts are part of a value. */
const BLANKS = /[^!-\uffff]+/;

const DOTTED = /^[0-9.]+$/;

/**
 * Reads a line by its format; what does not fit is kept as text, since the line was parsed before.
 * @param wanted fields that are read; all unless given
 */
export function recordOfLine(
  format: string,
  line: string,
  wanted?: ReadonlySet<string>,
): RecordValues {
  const tokens = line.split(BLANKS).filter(Boolean);
  const record: RecordValues = {};
  layoutOf(format).fields.forEach((field, i) => {
    const token = tokens[i];
    if (token === undefined || token === '-') return;
    if (wanted !== undefined && !wanted.has(field.name)) return;
    if (field.type === 'string') record[field.name] = token;
    else if (field.type === 'address') record[field.name] = canonicalAddress(token);
    else record[field.name] = seconds(field.type, Number(token));
  });
  return record;
}

const layouts = new Map<string, Layout>();

/** There are as many formats as log groups have; each is read once. */
function layoutOf(format: string): Layout {
  let layout = layouts.get(format);
  if (!layout) {
    layout = parseLayout(format);
    layouts.set(format, layout);
  }
  return layout;
}

function seconds(type: string, value: number): number {
  return type === 'time' && value > 1e11 ? Math.floor(value / 1000) : value;
}

function canonicalAddress(text: string): string {
  // There is one way to write an IPv4 address, and the line was parsed before.
  if (DOTTED.test(text)) return text;
  const value = parseAddress(text);
  if (typeof value !== 'bigint') return text;
  const words = [96n, 64n, 32n, 0n].map((shift) => Number((value >> shift) & 0xffff_ffffn));
  return formatIpv6(words);
}

/** The IANA service that a record's server port belongs to, if the record tells. */
export function serviceOfRecord(record: RecordValues): string | undefined {
  const port = record['server-port'] ?? record.dstport;
  const protocol = record.protocol;
  if (typeof port !== 'number' || typeof protocol !== 'number') return undefined;
  return serviceName(port, protocol);
}
