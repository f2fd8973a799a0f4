/** Field maps, as tests, samples and people write them, turned into lines of a flow log. */
import { batchIdentity } from '../map/1-decode/identity.ts';
import type { Batch } from '../map/1-decode/lines.ts';
import { linesOfText } from '../map/1-decode/text.ts';
import type { Source } from '../ports/source.ts';
import { formatIpv4, formatIpv6, parseAddress } from '../records/address.ts';
import { type Field, fieldNamed, unknownField } from '../records/fields.ts';
import { parseLayout } from '../records/layout.ts';
import { BYTE_FIELDS, parseBytes } from '../rules/amounts.ts';
import { protocolNumber } from '../rules/protocols.ts';

export type FieldValue = string | number | boolean | null | undefined;

/** A field map that no line can stand for; the message names field and value. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

/** A record ready to be written: fields in a fixed order and the text of each. */
export interface RecordText {
  readonly names: readonly string[];
  readonly texts: readonly string[];
}

/**
 * The text of each field that is present; null and undefined are absent.
 * Protocols may be names, byte amounts may carry units, times may be ISO 8601.
 * @throws RecordError on a derived field or a value that cannot stand in a line
 */
export function recordText(record: Readonly<Record<string, FieldValue>>): RecordText {
  const names: string[] = [];
  const texts: string[] = [];
  for (const [name, value] of Object.entries(record)) {
    if (value === null || value === undefined) continue;
    const field = fieldNamed(name) ?? unknownField(name);
    if (fieldNamed(name)?.version === 0) {
      throw new RecordError(`${name} is worked out from the record and cannot be given`);
    }
    names.push(name);
    texts.push(valueText(field, value));
  }
  if (names.length === 0) throw new RecordError('the record has no field');
  return { names, texts };
}

/** A value as AWS would write it, so that two spellings of one thing compare equal. */
export function valueText(field: Field, value: string | number | boolean): string {
  const text = String(value).trim();
  if (text === '' || /\s/.test(text)) {
    throw new RecordError(
      `${field.name} cannot be ${JSON.stringify(value)}: a value has no blanks`,
    );
  }
  switch (field.type) {
    case 'number':
      if (field.name === 'protocol') return String(protocolNumber(text) ?? text);
      return BYTE_FIELDS.has(field.name) ? String(parseBytes(text) ?? text) : text;
    case 'time':
      return /^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text))
        ? String(Math.floor(Date.parse(text) / 1000))
        : text;
    case 'address':
      return addressText(text);
    case 'string':
      return text;
  }
}

/** Records of one layout as a batch. */
export function batchOfRecords(
  names: readonly string[],
  lines: readonly string[],
  source: Source,
  place: string,
): Batch {
  return {
    lines: linesOfText(Buffer.from(`${lines.join('\n')}\n`)),
    source,
    layouts: [parseLayout(names.join(' '))],
    identity: batchIdentity(source.name, place),
  };
}

function addressText(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
}

/** An address as AWS writes it: IPv4 from a number, IPv6 from a 128-bit integer. */
export function formatAddress(address: number | bigint): string {
  if (typeof address === 'number') return formatIpv4(address);
  const words = [96n, 64n, 32n, 0n].map((shift) => Number((address >> shift) & 0xffffffffn));
  return formatIpv6(words);
}
