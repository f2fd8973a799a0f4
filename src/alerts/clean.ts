/**
 * Records hold what strangers sent and tags hold what colleagues typed. Before either reaches a
 * terminal, a mail or a chat, whatever could steer the reader's program becomes a question mark.
 */

// C0 and C1 controls (ESC and line breaks among them), line and paragraph separators, marks that
// turn text around or hide it, and halves of characters.
const STEERING =
  /[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}]/gu;

const LONGEST = 120;

/** Text on one line: rule titles, messages, names. */
export function cleanLine(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(STEERING, '?')
    .trim();
}

/** One line of a document, its indentation kept. */
export function cleanIndented(line: string): string {
  return line.replace(/\t/g, '    ').replace(STEERING, '?').trimEnd();
}

/** A value from a record: one line, no column mark (`|`), at most 120 characters. */
export function cleanValue(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const characters = [...value.replace(STEERING, '?').replaceAll('|', '?')];
  if (characters.length <= LONGEST) return characters.join('');
  return `${characters.slice(0, LONGEST - 1).join('')}…`;
}

const FOLDED: Readonly<Record<string, string>> = { '…': '...', '–': '-', '—': '-', '→': '->' };

/** Printable ASCII: accents are dropped, other characters become question marks. */
export function toAscii(text: string): string {
  return cleanLine(text)
    .replace(/[…–—→]/g, (character) => FOLDED[character])
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, '?');
}

/** At most `length` UTF-16 units, cut with an ellipsis of three dots; never inside a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = Math.max(0, length - 3);
  if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end--;
  return `${text.slice(0, end).trimEnd()}...`;
}
