import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { LogsFilterPatterns } from '../../../src/adapters/aws/filter-patterns.ts';
import { newFunction } from './lambda-function.ts';

const client = new CloudWatchLogsClient(clientConfig());
const patterns = new LogsFilterPatterns({ client, stage: 'prod' });

afterAll(() => client.destroy());

async function groupWith(...filters: readonly (readonly [string, string])[]): Promise<string> {
  const logGroupName = `/vpc/${randomUUID()}`;
  const destinationArn = await newFunction();
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  for (const [filterName, filterPattern] of filters) {
    await client.send(
      new PutSubscriptionFilterCommand({ logGroupName, filterName, filterPattern, destinationArn }),
    );
  }
  return logGroupName;
}

test('Only filters of the stage that have a pattern are told', async () => {
  const narrow = await groupWith(['flowlog-alerts-prod', '[a]'], ['siem', '[b]']);
  const whole = await groupWith(['flowlog-alerts-prod', '']);
  const other = await groupWith(['flowlog-alerts-prod-eu', '[c]']);
  const none = await groupWith();
  const missing = `/vpc/${randomUUID()}`;
  expect(await patterns.of([narrow, whole, other, none, missing])).toEqual({ [narrow]: '[a]' });
});

test('A refusal is thrown', async () => {
  const refusing = {
    send: async () => {
      throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    },
  } as unknown as CloudWatchLogsClient;
  const asked = new LogsFilterPatterns({ client: refusing, stage: 'prod' }).of(['/vpc']);
  await expect(asked).rejects.toThrow('no');
});
