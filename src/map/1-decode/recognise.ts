/** What a source holds, told from its first bytes and never from its name. */

export type Content =
  | { readonly kind: 'gzip' | 'parquet' | 'empty' | 'base64' | 'text' | 'probe' }
  /** JSON whose records lie `level` brackets deep. */
  | { readonly kind: 'json'; readonly level: 0 | 1 | 2 }
  /** Nothing this product reads; `name` says what it seems to be and what to do. */
  | { readonly kind: 'foreign'; readonly name: string };

/** A flow record of every field there is has about 2 KB; a header line less. */
const ENOUGH = 64 * 1024;

const SIGNATURES: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['zstd-compressed; unpack it first (zstd -d)', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2-compressed; unpack it first (bunzip2)', [0x42, 0x5a, 0x68]],
  ['xz-compressed; unpack it first (unxz)', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['a zip archive; unpack it first (unzip)', [0x50, 0x4b, 0x03, 0x04]],
  ['UTF-16 text; convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)', [0xff, 0xfe]],
  ['UTF-16 text; convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)', [0xfe, 0xff]],
];

const PARQUET = [0x50, 0x41, 0x52, 0x31];
const GZIP = [0x1f, 0x8b];

/** What CloudWatch Logs writes as `aws-logs-write-test` beside every export. */
const PROBE = /^Permission Check Successful\s*$/;
/** Gzip's first bytes in base64. */
const BASE64_GZIP = /^H4sI[A-Za-z0-9+/=\s]*$/;

/** Whether a beginning is long enough to be recognised. */
export function isEnough(head: Uint8Array): boolean {
  if (head.length >= ENOUGH) return true;
  if (startsWith(head, GZIP)) return true;
  if (head.length < 8) return false;
  const text = decode(head.subarray(0, ENOUGH)).trimStart();
  if (/^[[{]/.test(text)) return text.length >= 256;
  return text.includes('\n');
}

/** Tells what begins with these bytes. */
export function recognise(beginning: Uint8Array): Content {
  const head = beginning.subarray(0, ENOUGH);
  if (startsWith(head, GZIP)) return { kind: 'gzip' };
  if (startsWith(head, PARQUET)) return { kind: 'parquet' };
  for (const [name, bytes] of SIGNATURES) {
    if (startsWith(head, bytes)) return { kind: 'foreign', name };
  }
  if (head.includes(0)) return { kind: 'foreign', name: 'binary data, not a flow log' };
  const text = decode(head).trimStart();
  if (text === '') return head.length < ENOUGH ? { kind: 'empty' } : { kind: 'text' };
  if (PROBE.test(text)) return { kind: 'probe' };
  if (text.startsWith('{')) {
    return { kind: 'json', level: /^\{\s*"events"\s*:\s*\[/.test(text) ? 2 : 0 };
  }
  if (/^\[\s*[{\]]/.test(text)) return { kind: 'json', level: 1 };
  if (BASE64_GZIP.test(text)) return { kind: 'base64' };
  return { kind: 'text' };
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => head[i] === byte);
}

function decode(head: Uint8Array): string {
  // TextDecoder drops a byte order mark.
  return new TextDecoder().decode(head);
}
