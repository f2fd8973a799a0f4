/**
 * A Kinesis record into which the Kinesis Producer Library has put several: four magic bytes, a
 * protobuf message, and the MD5 of that.
 * https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
import { createHash } from 'node:crypto';
import { UnreadableBatchError } from './gunzip.ts';

const MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const MD5 = 16;
/** `records` of the message, and `data` of a record: field 3, a length and so many bytes. */
const FIELD_3 = 3;
const VARINT = 0;
const BYTES = 2;

export function isAggregated(data: Uint8Array): boolean {
  return data.length > MAGIC.length + MD5 && MAGIC.equals(data.subarray(0, MAGIC.length));
}

/**
 * The data of the records in it, in their order.
 * @throws UnreadableBatchError with reason bad-aggregate
 */
export function deaggregated(data: Uint8Array): Uint8Array[] {
  const message = data.subarray(MAGIC.length, data.length - MD5);
  const sum = createHash('md5').update(message).digest();
  if (!sum.equals(data.subarray(data.length - MD5))) throw damaged('its checksum is wrong');
  return fieldsOf(message).map((record) => {
    const [payload] = fieldsOf(record);
    if (!payload) throw damaged('a record in it has no data');
    return payload;
  });
}

/** Every field 3 of a message. */
function fieldsOf(message: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = 0;
  while (at < message.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === VARINT) varint();
    else if (wire === BYTES) {
      const length = varint();
      if (at + length > message.length) throw damaged('it breaks off');
      if (tag >>> 3 === FIELD_3) found.push(message.subarray(at, at + length));
      at += length;
    } else throw damaged(`wire type ${wire} is not expected`);
  }
  return found;

  function varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      if (at >= message.length) throw damaged('it breaks off');
      const byte = message[at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw damaged('a number is too long');
  }
}

function damaged(what: string): UnreadableBatchError {
  return new UnreadableBatchError(
    'bad-aggregate',
    `a record of the Kinesis Producer Library cannot be taken apart: ${what}`,
  );
}
