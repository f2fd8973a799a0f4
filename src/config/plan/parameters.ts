/** Documents as parameters: one each, or a long list in parts, and back. */
import type { StoredParameter } from '../../ports/parameter-writer.ts';
import { compare } from '../tree.ts';
import { splitList } from './split-list.ts';

/** The largest value of a standard parameter, bytes; above it, Parameter Store asks money. */
export const STANDARD_BYTES = 4_096;

/** A parameter as it should be. */
export interface WantedParameter {
  readonly path: string;
  readonly text: string;
}

/** A document as it is stored. */
export interface StoredDocument {
  readonly path: string;
  /** The parts of a list joined. */
  readonly text: string;
  readonly parameters: readonly StoredParameter[];
  /** Parts of a list do not fit together: what a push left that did not come to its end. */
  readonly torn?: true;
}

/** The first line of a part that push made. */
const MARK = /^# flowlog-alerts: part (\d+) of (\d+)\r?\n/;
/** The line that begins the values again in each part after the first. */
const AGAIN = /^values:\r?\n/;

/** What a document is pushed as. */
export function parametersOf(path: string, text: string): WantedParameter[] {
  const whole = [{ path, text }];
  if (!/^lists\/[^/]+$/.test(path) || Buffer.byteLength(text) <= STANDARD_BYTES) return whole;
  const parts = splitList(text, STANDARD_BYTES - MARK_BYTES);
  if (parts === undefined) return whole;
  return parts.map((part, i) => ({
    path: `${path}/${i + 1}`,
    text: `# flowlog-alerts: part ${i + 1} of ${parts.length}\n${part}`,
  }));
}

/** Room for the mark of any number of parts. */
const MARK_BYTES = 48;

/** Parameters as documents, by path. */
export function documentsOf(stored: readonly StoredParameter[]): StoredDocument[] {
  const parts = new Map<string, StoredParameter[]>();
  for (const parameter of stored) {
    const name = /^(lists\/[^/]+)\/[^/]+$/.exec(parameter.path)?.[1];
    if (name === undefined || !MARK.test(parameter.text)) continue;
    parts.set(name, [...(parts.get(name) ?? []), parameter]);
  }
  const joined = new Set([...parts.values()].flat());
  const documents: StoredDocument[] = [];
  for (const parameter of stored) {
    if (joined.has(parameter)) continue;
    const marked = parts.get(parameter.path);
    if (!marked) {
      const { path, text } = parameter;
      documents.push({ path, text, parameters: [parameter] });
      continue;
    }
    // The whole and its parts are both there while a push goes from one to the other.
    parts.delete(parameter.path);
    const { path, text } = parameter;
    documents.push({ path, text, parameters: [parameter, ...marked], torn: true });
  }
  for (const [path, marked] of parts) documents.push(join(path, marked));
  return documents.sort((a, b) => compare(a.path, b.path));
}

function join(path: string, marked: readonly StoredParameter[]): StoredDocument {
  const numbered = marked.map((parameter) => {
    const [, number, of] = MARK.exec(parameter.text) as RegExpExecArray;
    return { parameter, number: Number(number), of: Number(of) };
  });
  numbered.sort((a, b) => a.number - b.number);
  const whole = numbered.every(
    ({ parameter, number, of }, i) =>
      number === i + 1 && of === numbered.length && parameter.path === `${path}/${number}`,
  );
  const parameters = numbered.map(({ parameter }) => parameter);
  return { path, text: wholeText(parameters), parameters, ...(!whole && { torn: true }) };
}

/** The text of a document, from its parameters in order. */
export function wholeText(parameters: readonly WantedParameter[]): string {
  if (parameters.length === 1 && !MARK.test(parameters[0].text)) return parameters[0].text;
  const parts = parameters.map(({ text }) => text.replace(MARK, ''));
  return parts.map((part, i) => (i === 0 ? part : part.replace(AGAIN, ''))).join('');
}
