/**
 * Errors about the message or the topic's name. Refused rights and a disabled key are not among
 * them: someone will mend those, and the alert must still be there then.
 */
const PERMANENT = new Set([
  'InvalidParameter',
  'InvalidParameterException',
  'InvalidParameterValueException',
  'ParameterValueInvalid',
  'NotFound',
  'NotFoundException',
  'ValidationError',
  'ValidationException',
]);

/** Whether SNS will refuse the same publication for ever. */
export function isPermanentSnsError(error: unknown): error is Error {
  return error instanceof Error && PERMANENT.has(error.name);
}
