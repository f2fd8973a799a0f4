/** What the owner is told about the configuration: each trouble once, and its end once. */
import { createHash } from 'node:crypto';
import { formatProblem, type Problem } from '../rules/problem.ts';
import type { RuleEntry } from './rule-book.ts';

/** What was told of one document or rule. */
export interface Told {
  /** Of the bad version; empty once it is mended. */
  readonly hash: string;
  /** False between the decision to tell and the topic's acceptance. */
  readonly sent: boolean;
  /** It passes by itself, and nobody need hear of that. */
  readonly ending?: true;
}

/** By what it is about: `ORIGIN`, or `ORIGIN RULE`. */
export type ToldBook = Readonly<Record<string, Told>>;

/** The present errors of one document or rule, or what rules cannot see in a log group. */
export interface Trouble {
  readonly lines: readonly string[];
  readonly hash: string;
  /** Nothing is in error: rules are in force that will find nothing there. */
  readonly blind?: true;
  /** Nothing is wrong: something is about to end. */
  readonly ending?: true;
}

export interface NoticePlan {
  /** The book with the plan in it, nothing of it sent. */
  readonly book: ToldBook;
  readonly fresh: readonly string[];
  readonly mended: readonly string[];
}

/**
 * Gathers errors by what they are about.
 * @param texts documents by origin: a new text with the old mistake is a new bad version
 * @param entries say what became of a rule
 */
export function troubles(
  problems: readonly Problem[],
  texts: ReadonlyMap<string, string>,
  entries: readonly RuleEntry[],
): Map<string, Trouble> {
  const lines = new Map<string, string[]>();
  const origins = new Map<string, string>();
  for (const problem of problems) {
    if (problem.severity !== 'error') continue;
    const key = [problem.origin, problem.rule].filter(Boolean).join(' ');
    origins.set(key, problem.origin);
    lines.set(key, [...(lines.get(key) ?? []), formatProblem(problem)]);
  }
  for (const { id, origin, state } of entries) {
    const told = lines.get(`${origin} ${id}`);
    if (state === 'kept') told?.push(`  The last good version of ${id} stays in force.`);
    if (state === 'bad')
      told?.push(`  This version of ${id} is not in force, and there is no earlier one.`);
  }
  const found = [...lines].map(([key, text]): [string, Trouble] => {
    const version = texts.get(origins.get(key) as string) ?? '';
    return [key, { lines: text, hash: hashOf(version, ...text) }];
  });
  return new Map(found);
}

/** A trouble that is not in a document. */
export function plainTrouble(...lines: readonly string[]): Trouble {
  return { lines, hash: hashOf(...lines) };
}

/** What rules in force cannot see in a log group. */
export function blindSpot(lines: readonly string[]): Trouble {
  return { lines, hash: hashOf(...lines), blind: true };
}

function hashOf(...texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
}

/** Decides what is new and what has ended since the book was written. */
export function planNotices(book: ToldBook, now: ReadonlyMap<string, Trouble>): NoticePlan {
  const next: Record<string, Told> = {};
  const fresh: string[] = [];
  const mended: string[] = [];
  for (const [key, { hash, ending }] of now) {
    const before = Object.hasOwn(book, key) ? book[key] : undefined;
    const sent = before?.hash === hash && before.sent;
    next[key] = { hash, sent, ...(ending && { ending }) };
    if (!sent) fresh.push(key);
  }
  for (const [key, before] of Object.entries(book)) {
    // Of what was never told, nobody needs to hear that it is over.
    const open = before.sent || before.hash === '';
    if (now.has(key) || !open || before.ending) continue;
    next[key] = { hash: '', sent: false };
    mended.push(key);
  }
  return { book: next, fresh, mended };
}

/** The book once everything planned was sent. */
export function afterSending(book: ToldBook): ToldBook {
  const open = Object.entries(book).filter(([, { hash }]) => hash !== '');
  return Object.fromEntries(open.map(([key, told]) => [key, { ...told, sent: true }]));
}

/** Lines of a notice before it ends in a count. */
const MOST_LINES = 100;

/** The one notice for a plan, or undefined when there is nothing to tell. */
export function noticeOf(
  stage: string,
  { fresh, mended }: NoticePlan,
  now: ReadonlyMap<string, Trouble>,
): { readonly subject: string; readonly text: string } | undefined {
  if (fresh.length + mended.length === 0) return undefined;
  const blind = fresh.filter((key) => now.get(key)?.blind);
  const ending = fresh.filter((key) => now.get(key)?.ending);
  const wrong = fresh.filter((key) => !blind.includes(key) && !ending.includes(key));
  const news = [
    wrong.length > 0 && `${wrong.length} with errors`,
    blind.length > 0 && `${blind.length} with blind spots`,
    ending.length > 0 && `${ending.length} about to end`,
    mended.length > 0 && `${mended.length} mended`,
  ];
  const lines: string[] = [];
  if (wrong.length > 0) {
    lines.push('These parts of the configuration have errors. Everything else is in force.', '');
    lines.push(...wrong.flatMap((key) => now.get(key)?.lines ?? []), '');
  }
  if (blind.length > 0) {
    lines.push(
      'Some rules in force cannot work on these log groups, by how their flow logs or filters were set up.',
      '',
    );
    lines.push(...blind.flatMap((key) => now.get(key)?.lines ?? []), '');
  }
  if (ending.length > 0) {
    lines.push(
      'These silences end within a day, and what they hold back is told again. A later until keeps them.',
      '',
    );
    lines.push(...ending.flatMap((key) => now.get(key)?.lines ?? []), '');
  }
  if (mended.length > 0) lines.push('No longer in error (mended or removed):', '', ...mended, '');
  const rest = lines.length - MOST_LINES;
  const shown = rest > 0 ? [...lines.slice(0, MOST_LINES), `... and ${rest} more lines`] : lines;
  const text = [
    ...shown,
    `See all of them: flowlog-alerts rules check DIR, or the log of the function reconcile.`,
  ];
  return {
    subject: `flowlog-alerts ${stage}: configuration, ${news.filter(Boolean).join(', ')}`,
    text: text.join('\n'),
  };
}
