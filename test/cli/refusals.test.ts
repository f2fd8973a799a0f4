import { expect, test } from '@jest/globals';
import { refusalOf } from '../../src/cli/refusals.ts';

const named = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

test.each([
  [named('AccessDenied', 'no', { $metadata: {} }), 'AccessDenied: no'],
  [
    named('CredentialsProviderError', 'none'),
    'no AWS credentials are known: log in (aws sso login), give --profile or set AWS_PROFILE',
  ],
  [
    named('ExpiredTokenException', 'expired', { $metadata: {} }),
    'the AWS session has ended: log in (aws sso login), give --profile or set AWS_PROFILE',
  ],
  [named('Refusal', 'Throttling: slow'), 'Throttling: slow'],
  [
    named('Error', 'connect ECONNREFUSED', { code: 'ECONNREFUSED' }),
    'ECONNREFUSED: connect ECONNREFUSED',
  ],
  [named('Error', 'Region is missing'), 'no AWS region is known: give --region or set AWS_REGION'],
])('%s is told to a person', (error, expected) => {
  expect(refusalOf(error)).toBe(expected);
});

test('A fault of the program is not', () => {
  expect(refusalOf(new TypeError('x is not a function'))).toBeUndefined();
  expect(refusalOf(named('Error', 'no such file', { code: 'ENOENT' }))).toBeUndefined();
  expect(refusalOf('text')).toBeUndefined();
});
