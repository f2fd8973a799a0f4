import type { Path, Problem } from './problem.ts';
import { formatPath } from './problem.ts';
import type { ReadDocument } from './read.ts';

/** Collects the problems of one document, each with its line. */
export class Reporter {
  readonly problems: Problem[] = [];
  /** Id of the document, once it is known. */
  rule: string | undefined;
  readonly origin: string;
  readonly #document: ReadDocument | undefined;

  constructor(origin: string, document?: ReadDocument, rule?: string) {
    this.origin = origin;
    this.#document = document;
    this.rule = rule;
  }

  get errorCount(): number {
    return this.problems.filter((problem) => problem.severity === 'error').length;
  }

  get failed(): boolean {
    return this.errorCount > 0;
  }

  error(path: Path, message: string, hint?: string): undefined {
    this.#add('error', path, message, hint);
  }

  warning(path: Path, message: string, hint?: string): undefined {
    this.#add('warning', path, message, hint);
  }

  /** A scalar as it is written in the document. */
  source(path: Path): string | undefined {
    return this.#document?.source(path);
  }

  #add(severity: Problem['severity'], path: Path, message: string, hint?: string): void {
    this.problems.push({
      severity,
      ...(this.rule !== undefined && { rule: this.rule }),
      origin: this.origin,
      ...(this.#document?.at(path) ?? { line: 1, column: 1 }),
      path: formatPath(path),
      message,
      ...(hint && { hint }),
    });
  }
}
