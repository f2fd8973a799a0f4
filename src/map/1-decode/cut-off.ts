/** JSON that breaks off or holds broken text: what can be had of it all the same. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Where the last whole object of a list in the outermost object ends; 0 where there is none. */
export function endOfWholeEvents(bytes: Uint8Array): number {
  let depth = 0;
  let inList = false;
  let quoted = false;
  let end = 0;
  for (let p = 0; p < bytes.length; p++) {
    const c = bytes[p];
    if (quoted) {
      if (c === BACKSLASH) p++;
      else if (c === QUOTE) quoted = false;
    } else if (c === QUOTE) quoted = true;
    else if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      if (++depth === 2) inList = c === OPEN_BRACKET;
    } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      if (--depth === 2 && inList && c === CLOSE_BRACE) end = p + 1;
    }
  }
  return end;
}

const ESCAPE = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/gs;

/**
 * JSON read as Latin-1 has one character a byte; escapes of what is not ASCII become the bytes they
 * would have been unescaped, so that values can be turned back into bytes.
 */
export function escapesAsBytes(text: string): string {
  return text.replace(ESCAPE, (written) => {
    if (written.length < 6) return written;
    const character = JSON.parse(`"${written}"`) as string;
    return character > '\x7f' ? Buffer.from(character).toString('latin1') : written;
  });
}
