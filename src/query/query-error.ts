/** A rule that a query language cannot say, with the reason and what to do. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}
