import { describe, expect, test } from '@jest/globals';
import { PatientObjectReader } from '../../../src/adapters/aws/patient-object-reader.ts';
import {
  ObjectChangedError,
  type ObjectReader,
  type StoredObject,
} from '../../../src/ports/object-reader.ts';

/** A reader whose calls fail as told, in this order, before they succeed. */
class FailingReader implements ObjectReader {
  calls = 0;
  readonly #failures: Error[];
  readonly #content: Buffer;

  constructor(failures: readonly Error[], content = Buffer.from('content')) {
    this.#failures = [...failures];
    this.#content = content;
  }

  async open(bucket: string, key: string): Promise<StoredObject | undefined> {
    this.#call();
    if (key === 'none') return undefined;
    return {
      bucket,
      key,
      etag: 'e',
      size: this.#content.length,
      async *pieces() {},
      range: async (from, to) => {
        this.#call();
        return new Uint8Array(this.#content.subarray(from, to)).buffer;
      },
    };
  }

  #call(): void {
    this.calls++;
    const failure = this.#failures.shift();
    if (failure) throw failure;
  }
}

const broken = new Error('S3 does not give it', { cause: new Error('socket hang up') });
const status = (name: string, httpStatusCode: number) =>
  new Error('S3 refuses it', {
    cause: Object.assign(new Error(`${name}!`), { name, $metadata: { httpStatusCode } }),
  });

async function textOf(reader: ObjectReader): Promise<string> {
  const object = await new PatientObjectReader(reader, 1).open('b', 'k');
  const pieces: Uint8Array[] = [];
  for await (const piece of object!.pieces()) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('PatientObjectReader', () => {
  test('asks again where an answer breaks off, and gives the whole object', async () => {
    const reader = new FailingReader([broken, broken, broken]);
    expect(await textOf(reader)).toBe('content');
    const large = Buffer.alloc(20_000_000, 'ab');
    const parts = new FailingReader([broken], large);
    expect((await textOf(parts)).length).toBe(large.length);
    // One to open it, three parts, and the one that failed.
    expect(parts.calls).toBe(5);
  });

  test('gives up after some tries', async () => {
    const reader = new FailingReader(Array(10).fill(broken));
    await expect(textOf(reader)).rejects.toThrow('S3 does not give it');
    expect(reader.calls).toBe(4);
  });

  test('does not ask again for what is refused or changed, and says which right is missing', async () => {
    const denied = new FailingReader([status('AccessDenied', 403)]);
    await expect(textOf(denied)).rejects.toThrow(/AccessDenied!.*allow s3:GetObject/);
    expect(denied.calls).toBe(1);
    const changed = new FailingReader([new ObjectChangedError('it was replaced')]);
    await expect(textOf(changed)).rejects.toThrow('it was replaced');
    expect(changed.calls).toBe(1);
    const other = new FailingReader([status('InvalidObjectState', 403)]);
    await expect(textOf(other)).rejects.toThrow('S3 refuses it');
    expect(other.calls).toBe(1);
  });

  test('knows that there is no object', async () => {
    const reader = new PatientObjectReader(new FailingReader([]), 1);
    expect(await reader.open('b', 'none')).toBeUndefined();
  });
});
