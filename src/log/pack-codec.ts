/** Digests of several batches as bytes: what they have in common stands once in their one text table. */
import { readBatch, writeBatch } from './batch-codec.ts';
import type { Pack } from './digest.ts';
import { list, type TextReader, type TextTable, times } from './text-table.ts';
import type { ByteReader, ByteWriter } from './varint.ts';

/** Bytes of an identity. */
const IDENTITY = 16;

export function writePack(to: ByteWriter, texts: TextTable, { members }: Pack): void {
  to.uint(members.length);
  for (const { identity } of members) {
    for (const byte of Buffer.from(identity, 'hex')) to.byte(byte);
  }
  for (const { digest } of members) writeBatch(to, texts, digest);
}

export function readPack(from: ByteReader, texts: TextReader): Pack {
  const identities = list(from, () =>
    Buffer.from(times(IDENTITY, () => from.byte())).toString('hex'),
  );
  const members = identities.map((identity) => ({ identity, digest: readBatch(from, texts) }));
  return { kind: 'pack', members };
}
