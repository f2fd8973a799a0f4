/** Slack's markup, which Amazon Q's messages share. */
import { cut } from '../../alerts/clean.ts';

/**
 * Slack's own three, without which a record could name a channel or everybody in it; and no backtick,
 * which would begin or end a block of code and has no escape.
 */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('`', "'");
}

/** The longest escape. */
const WIDEST = 5;

/** Escaped text of at most `longest` characters; a cut never falls inside an escape. */
export function escapedWithin(text: string, longest: number): string {
  const whole = escaped(text);
  if (whole.length <= longest) return whole;
  return escaped(cut(text, Math.floor(longest / WIDEST)));
}

/** Kept free for the line that says how many are missing. */
const ROOM_FOR_COUNT = 20;

/** The first lines that fit `longest` characters together, and how many do not. */
export function linesWithin(lines: readonly string[], longest: number): string[] {
  const kept: string[] = [];
  let room = longest - ROOM_FOR_COUNT;
  for (const line of lines) {
    room -= line.length + 1;
    if (room < 0) return [...kept, `+${lines.length - kept.length} more lines`];
    kept.push(line);
  }
  return kept;
}

/** Lines for a block of code. */
export function codeWithin(lines: readonly string[], longest: number): string {
  const each = longest - ROOM_FOR_COUNT - 1;
  const safe = lines.map((line) => escapedWithin(line, each));
  return linesWithin(safe, longest).join('\n');
}
