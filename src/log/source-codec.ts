import type { Source } from '../ports/source.ts';
import type { TextReader, TextTable } from './text-table.ts';
import type { ByteReader, ByteWriter } from './varint.ts';

const SOURCE_KINDS = ['logGroup', 'bucket', 'file', 'stream'] as const;

export function writeSource(to: ByteWriter, texts: TextTable, source: Source): void {
  to.byte(SOURCE_KINDS.indexOf(source.kind));
  to.uint(texts.ref(source.name));
  to.uint(texts.ref(source.account ?? ''));
  to.uint(texts.ref(source.region ?? ''));
}

export function readSource(from: ByteReader, texts: TextReader): Source {
  const kind = SOURCE_KINDS[from.byte()];
  if (kind === undefined) throw new RangeError('its kind of source is not known');
  const name = texts.at(from.uint());
  const account = texts.at(from.uint());
  const region = texts.at(from.uint());
  return { kind, name, ...(account ? { account } : {}), ...(region ? { region } : {}) };
}
