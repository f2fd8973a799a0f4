/** What AWS, the network or the credentials say against a command, in words for a person. */
import { CommandError, EXIT } from './exit.ts';

/** Errors of the SDK's own that come before any answer. */
const BEFORE_ANSWER: ReadonlySet<string> = new Set(['TimeoutError', 'NetworkingError']);

const LOG_IN = 'log in (aws sso login), give --profile or set AWS_PROFILE';

/** What is wrong with the credentials, by the names that the SDK and the services have for it. */
const CREDENTIALS: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'no AWS credentials are known',
  TokenProviderError: 'the AWS session has ended',
  ExpiredToken: 'the AWS session has ended',
  ExpiredTokenException: 'the AWS session has ended',
  UnrecognizedClientException: 'AWS does not know these credentials',
  InvalidClientTokenId: 'AWS does not know these credentials',
  AuthFailure: 'AWS does not know these credentials',
};

const NETWORK = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/;

/** One sentence without a full stop; undefined where the program itself is at fault. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, code } = error as Error & { readonly code?: string };
  if (message === 'Region is missing') {
    return 'no AWS region is known: give --region or set AWS_REGION';
  }
  if (name === 'Refusal') return message;
  if (Object.hasOwn(CREDENTIALS, name)) return `${CREDENTIALS[name]}: ${LOG_IN}`;
  const expected = '$metadata' in error || BEFORE_ANSWER.has(name) || NETWORK.test(code ?? name);
  return expected ? `${name === 'Error' ? (code ?? name) : name}: ${message}` : undefined;
}

/**
 * A call to AWS, whose refusal ends the command with a message.
 * @param what cannot be done
 * @param policy file of docs/iam with the rights that it takes
 */
export async function asked<T>(answer: Promise<T>, what: string, policy: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw refusal(error, what, policy);
  }
}

/** What is said against it, as the end of the command; a fault of the program stays as it is. */
export function refusal(error: unknown, what: string, policy: string): unknown {
  const said = refusalOf(error);
  if (said === undefined) return error;
  const hint = /AccessDenied/.test(said) ? ` (docs/iam/${policy} is what this takes)` : '';
  return new CommandError(EXIT.failed, `${what}: ${said}${hint}`, { cause: error });
}
