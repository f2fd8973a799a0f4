/** A SOURCE that leads to nothing. */
export class MissingSourceError extends Error {
  override readonly name = 'MissingSourceError';
}
