/** HTTP status of an SDK error; undefined when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

/** An answer that says nothing has happened and nothing will: neither 5xx nor silence. */
export function isRefusedForGood(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500;
}
