import { Refusal, type RefusalReason } from '../../ports/refusal.ts';

/** Services spell the same thing in several ways. */
const REASONS: Readonly<Record<string, RefusalReason>> = {
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  RequestLimitExceeded: 'throttled',
  TooManyRequestsException: 'throttled',
  TooManyUpdates: 'throttled',
  LimitExceeded: 'quota',
  LimitExceededFault: 'quota',
  LimitExceededException: 'quota',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  UnauthorizedOperation: 'denied',
  ValidationError: 'invalid',
  ValidationException: 'invalid',
  InvalidParameterException: 'invalid',
  InvalidParameterValue: 'invalid',
  InvalidParameterValueException: 'invalid',
  InvalidParameterCombination: 'invalid',
  InvalidParameterCombinationException: 'invalid',
  MissingRequiredParameterException: 'invalid',
};

/** Waits for an answer. @throws Refusal where AWS says why; else the error as it is */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    const { name, message } = cause as Error;
    const reason = Object.hasOwn(REASONS, name) ? REASONS[name] : undefined;
    if (reason === undefined) throw cause;
    throw new Refusal(reason, `${name}: ${message}`, { cause });
  }
}

export function isMissing(error: unknown): boolean {
  const { name } = error as Error;
  return name === 'ResourceNotFound' || name === 'ResourceNotFoundException';
}
