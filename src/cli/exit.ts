/** How a command ends. */

export const EXIT = {
  done: 0,
  /** Nothing parseable, a partial read, a missing file, a failing rule test, a missing hop. */
  failed: 1,
  /** A wrong command line or bad rules. */
  usage: 2,
  /** An alert at or above --fail-on. */
  failOn: 3,
  interrupted: 130,
} as const;

/** Ends the command with a message for the user and no stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
