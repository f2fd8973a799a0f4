import type { Runner } from '../lambda/runner.ts';
import { keyOf } from '../stack/functions.ts';
import { type Answer, Refusal } from './answer.ts';
import type { Call } from './call.ts';
import { allows, type Statement, type Wish } from './policy.ts';
import { type Place, wishOf } from './wish.ts';

/**
 * Holds every function to its role, and people to the policy of their access key. Calls signed
 * with other keys are the account's owner's.
 * @param topicKey ARN of the key a topic is encrypted with
 */
export function authorize(
  runner: Runner,
  place: Place,
  people: ReadonlyMap<string, readonly Statement[]>,
  topicKey: (topicArn: string) => string | undefined,
): {
  before(call: Call): undefined;
  after(call: Call, answer: Answer): undefined;
} {
  const statementsOf = (call: Call): readonly Statement[] | undefined => {
    for (const [name, { statements }] of runner.functions) {
      if (keyOf(name) === call.caller) return statements;
    }
    return people.get(call.caller);
  };
  return {
    before(call) {
      const statements = statementsOf(call);
      if (statements === undefined || call.action === 'GetCallerIdentity') return;
      for (const wish of wishes(call, place, topicKey)) {
        if (!allows(statements, wish)) deny(call, wish);
      }
    },
    after(call, answer) {
      const statements = statementsOf(call);
      if (statements === undefined || call.service !== 's3' || answer.status !== 404) return;
      // To who may not list a bucket, S3 does not say that an object is missing.
      const bucket = wishOf(call, place).resource.split('/')[0] ?? '';
      const list = { action: 's3:ListBucket', resource: bucket };
      if (!allows(statements, list)) deny(call, list);
    },
  };
}

function wishes(
  call: Call,
  place: Place,
  topicKey: (topicArn: string) => string | undefined,
): Wish[] {
  const wish = wishOf(call, place);
  if (wish.action === 'cloudwatch:PutMetricAlarm' && call.input.Tags !== undefined) {
    return [wish, { ...wish, action: 'cloudwatch:TagResource' }];
  }
  const key = wish.action === 'sns:Publish' ? topicKey(wish.resource) : undefined;
  if (key === undefined) return [wish];
  return [
    wish,
    { action: 'kms:GenerateDataKey', resource: key },
    { action: 'kms:Decrypt', resource: key },
  ];
}

function deny(call: Call, wish: Wish): never {
  const text = `User: ${call.caller} is not authorized to perform: ${wish.action} on resource: ${wish.resource}`;
  if (call.service === 's3') throw new Refusal('AccessDenied', text, 403);
  throw new Refusal(call.service === 'sns' ? 'AuthorizationError' : 'AccessDeniedException', text);
}
