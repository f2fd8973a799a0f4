/** What AWS, the network or the credentials say against a command, in words for a person. */

/** Errors of the SDK's own that come before any answer. */
const BEFORE_ANSWER: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'TimeoutError',
  'NetworkingError',
]);

const NETWORK = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/;

/** One sentence without a full stop; undefined where the program itself is at fault. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, code } = error as Error & { readonly code?: string };
  if (message === 'Region is missing') {
    return 'no AWS region is known: give --region or set AWS_REGION';
  }
  if (name === 'Refusal') return message;
  const expected = '$metadata' in error || BEFORE_ANSWER.has(name) || NETWORK.test(code ?? name);
  return expected ? `${name === 'Error' ? (code ?? name) : name}: ${message}` : undefined;
}
