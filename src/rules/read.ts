/** Reads YAML and JSON (which YAML contains) into plain values that remember their lines. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLError,
} from 'yaml';
import type { Path, Problem } from './problem.ts';

/** One document of a text: YAML separates several by `---`. */
export interface ReadDocument {
  /** Plain objects, lists and scalars. */
  readonly value: unknown;
  /** The document's own part of the text. */
  readonly text: string;
  /** Where a place stands; for one that is not there, the nearest around it. */
  at(path: Path): { readonly line: number; readonly column: number };
  /** A scalar as it is written, so that `012345678901` keeps its zero where text is meant. */
  source(path: Path): string | undefined;
}

export interface ReadText {
  readonly documents: readonly ReadDocument[];
  readonly problems: readonly Problem[];
}

/** Bound on aliases, which can make a small document huge. */
const MOST_ALIASES = 100;
/** Bound on nesting: far beyond any rule, far within the stack of whoever walks the value. */
const DEEPEST = 100;

/**
 * @param origin what a person would open, for the problems
 * @returns the readable documents; one with a problem is left out
 */
export function readDocuments(text: string, origin: string): ReadText {
  const problems: Problem[] = [];
  const lines = new LineCounter();
  const report = (offset: number, message: string, hint?: string) => {
    const { line, col } = lines.linePos(offset);
    const column = Math.max(col, 1);
    problems.push({
      severity: 'error',
      origin,
      line: Math.max(line, 1),
      column,
      path: '',
      message,
      ...(hint && { hint }),
    });
  };
  const documents: ReadDocument[] = [];
  for (const parsed of parse(text, lines, report)) {
    const before = problems.length;
    for (const error of [...parsed.errors, ...parsed.warnings]) {
      const { message, hint } = explain(error);
      report(error.pos[0], message, hint);
    }
    if (parsed.directives?.yaml.version === '1.1') {
      report(parsed.range[0], 'found the directive %YAML 1.1; documents are YAML 1.2', 'remove it');
    }
    if (problems.length > before || isEmpty(parsed)) continue;
    const value = plain(parsed);
    if (value instanceof Error) {
      report(parsed.range[0], `its aliases cannot be followed: ${value.message}`);
    } else if (isDeeper(value, DEEPEST)) {
      report(parsed.range[0], `blocks and lists stand more than ${DEEPEST} deep in one another`);
    } else {
      documents.push(readable(parsed, value, text, lines));
    }
  }
  if (documents.length === 0 && problems.length === 0) {
    report(0, 'the document is empty', 'write it, or delete it');
  }
  return { documents, problems };
}

type Parsed = Document.Parsed;

function parse(
  text: string,
  lineCounter: LineCounter,
  report: (offset: number, message: string) => void,
): Parsed[] {
  try {
    const options = {
      lineCounter,
      prettyErrors: false,
      schema: 'core',
      version: '1.2',
      logLevel: 'error',
    } as const;
    const parsed = parseAllDocuments(text, options);
    return 'empty' in parsed ? [] : parsed;
  } catch (error) {
    // The parser recurses: brackets nested by the thousand exhaust its stack.
    report(0, `the document cannot be read: ${(error as Error).message}`);
    return [];
  }
}

function plain(parsed: Parsed): unknown {
  try {
    return parsed.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    const { message } = error as Error;
    return new Error(/excessive/i.test(message) ? `more than ${MOST_ALIASES} nodes` : message);
  }
}

/** Also true of a value that contains itself. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

function isEmpty(parsed: Parsed): boolean {
  return parsed.contents === null || (isScalar(parsed.contents) && parsed.contents.value === null);
}

function explain(error: YAMLError): { message: string; hint?: string } {
  if (error.code === 'DUPLICATE_KEY') return { message: 'this key stands twice in one block' };
  if (error.code === 'TAG_RESOLVE_FAILED') {
    return { message: 'YAML tags (!name) have no meaning here', hint: 'remove the tag' };
  }
  if (error.code === 'TAB_AS_INDENT') {
    return { message: 'YAML is indented by spaces, not tabs' };
  }
  return { message: `not valid YAML or JSON: ${error.message}` };
}

function readable(parsed: Parsed, value: unknown, text: string, lines: LineCounter): ReadDocument {
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  return {
    value,
    text: text.slice(parsed.range[0], parsed.range[2]),
    at: (path) => position(locate(parsed, path).offset),
    source: (path) => {
      const { node, whole } = locate(parsed, path);
      return whole && isScalar(node) ? (node.source ?? String(node.value)) : undefined;
    },
  };
}

interface Located {
  readonly node: unknown;
  readonly offset: number;
  /** Whether the whole path was there. */
  readonly whole: boolean;
}

/** Follows a path as far as it goes; a key's position is the key's, not its value's. */
function locate(parsed: Parsed, path: Path): Located {
  let node: unknown = parsed.contents;
  let offset = start(node) ?? parsed.range[0];
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(parsed);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === step);
      if (!pair) return { node, offset, whole: false };
      offset = start(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      node = node.items[step];
      offset = start(node) ?? offset;
    } else {
      return { node, offset, whole: false };
    }
  }
  if (isAlias(node)) node = node.resolve(parsed);
  return { node, offset, whole: true };
}

function start(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
