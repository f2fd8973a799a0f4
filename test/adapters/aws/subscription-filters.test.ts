import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeSubscriptionFiltersCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { AwsSubscriptions } from '../../../src/adapters/aws/subscription-filters.ts';
import { subscriptionsContract } from '../../contracts/subscriptions.ts';
import { newFunction } from './lambda-function.ts';

const logs = new CloudWatchLogsClient(clientConfig());
const lambda = new LambdaClient(clientConfig());
const subscriptions = new AwsSubscriptions({});

jest.setTimeout(30_000);

afterAll(() => {
  logs.destroy();
  lambda.destroy();
});

describe('Subscriptions of AWS', () => {
  subscriptionsContract(async () => {
    const group = `/vpc/${randomUUID()}`;
    await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    return {
      subscriptions,
      functionArn: await newFunction(),
      group,
      filters: async (logGroupName) => {
        const { subscriptionFilters = [] } = await logs.send(
          new DescribeSubscriptionFiltersCommand({ logGroupName }),
        );
        return subscriptionFilters.map(({ filterName, filterPattern, destinationArn }) => ({
          name: filterName ?? '',
          pattern: filterPattern ?? '',
          destination: destinationArn ?? '',
        }));
      },
    };
  });
});

describe('Of a policy', () => {
  const permit = (FunctionName: string, StatementId: string, more: object) =>
    lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId,
        Action: 'lambda:InvokeFunction',
        Principal: 'logs.amazonaws.com',
        ...more,
      }),
    );

  test('only what is for CloudWatch Logs counts, of the service or of a region of it', async () => {
    const name = await newFunction();
    await permit(name, 'any', {});
    await permit(name, 'region', { Principal: 'logs.eu-west-1.amazonaws.com' });
    await permit(name, 'events', { Principal: 'events.amazonaws.com' });
    await permit(name, 'other', { Principal: 'logs.amazonaws.com.example.org' });
    const { permissions } = await subscriptions.policy(name);
    expect(permissions).toEqual([{ id: 'any' }, { id: 'region' }]);
  });

  test('a function that is not there has none', async () => {
    expect(await subscriptions.policy('no-such-function')).toEqual({ permissions: [], bytes: 0 });
  });
});
