/** Why a service did not do what it was asked, in words the core can act on. */
export type RefusalReason =
  /** Too many calls at once: try again later. */
  | 'throttled'
  /** The account may have no more of these. */
  | 'quota'
  /** The caller lacks the right. */
  | 'denied'
  /** What was asked cannot be; trying again cannot help. */
  | 'invalid';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
