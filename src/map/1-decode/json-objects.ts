/** JSON objects that follow one another, as Firehose writes them: with nothing between, or a line break. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const SPACE = 0x20;

/** What stands between two objects; a payload of CloudWatch Logs has neither within. */
const BETWEEN = ['}{', '}\n', '}\r'] as const;

/** Whether there may be more than one: a quick look, which says yes rather too often. */
export function mayBeSeveral(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return BETWEEN.some((between) => {
    const at = buffer.indexOf(between);
    return at >= 0 && buffer.subarray(at + 1).some((byte) => byte > SPACE);
  });
}

/**
 * Each object's bytes; what does not end, or stands outside of objects, is handed out as the last
 * piece, for JSON's parser to complain of.
 */
export function* jsonObjects(bytes: Uint8Array): Generator<Uint8Array> {
  let at = 0;
  for (;;) {
    while (at < bytes.length && bytes[at] <= SPACE) at++;
    if (at === bytes.length) return;
    const end = bytes[at] === OPEN ? endOfObject(bytes, at) : -1;
    yield bytes.subarray(at, end < 0 ? bytes.length : end);
    if (end < 0) return;
    at = end;
  }
}

function endOfObject(bytes: Uint8Array, from: number): number {
  let depth = 0;
  let quoted = false;
  for (let p = from; p < bytes.length; p++) {
    const byte = bytes[p];
    if (quoted) {
      if (byte === BACKSLASH) p++;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === OPEN) depth++;
    else if (byte === CLOSE && --depth === 0) return p + 1;
  }
  return -1;
}
