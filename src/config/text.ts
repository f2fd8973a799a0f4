/** The text of a document, before anything is known of its kind. */
import type { ConfigDocument } from '../ports/config-source.ts';
import type { Problem } from '../rules/problem.ts';
import { type ReadDocument, readDocuments } from '../rules/read.ts';
import { LARGEST_DOCUMENT, place } from './tree.ts';

export interface ReadResult {
  readonly documents: readonly ReadDocument[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a document within the bounds of Parameter Store, so that what passes here can be pushed.
 */
export function readConfigDocument(document: ConfigDocument): ReadResult {
  const problem = bounds(document);
  if (problem) return { documents: [], problems: [problem] };
  return readDocuments(document.text, document.origin);
}

/** As above, for kinds of which a text holds exactly one. */
export function readSingle(document: ConfigDocument, kind: string): ReadResult {
  const read = readConfigDocument(document);
  if (read.documents.length < 2) return read;
  const second = read.documents[1].at([]);
  const message = `a second document in one text; only rules may be several, not ${kind}`;
  const problem: Problem = { severity: 'error', ...place(document), ...second, message };
  return { documents: [], problems: [...read.problems, problem] };
}

function bounds(document: ConfigDocument): Problem | undefined {
  const bytes = Buffer.byteLength(document.text);
  // A list of any length is pushed in parts; a part is not cut again.
  const [kind, , part] = document.path.split('/');
  if (bytes > LARGEST_DOCUMENT && (kind !== 'lists' || part !== undefined)) {
    return {
      severity: 'error',
      ...place(document),
      message: `${bytes} bytes; Parameter Store takes ${LARGEST_DOCUMENT} at most`,
      hint: 'split it',
    };
  }
  const braces = document.text.indexOf('{{');
  if (braces < 0) return undefined;
  const before = document.text.slice(0, braces);
  return {
    severity: 'error',
    ...place(document),
    line: before.split('\n').length,
    column: braces - before.lastIndexOf('\n'),
    message: 'found {{, which Parameter Store refuses',
    hint: 'put a space between the braces, or single braces in a message',
  };
}
