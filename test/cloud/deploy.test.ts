import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateLogGroupCommand,
  DescribeSubscriptionFiltersCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand, GetPolicyCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Cloud } from './cloud.ts';
import { ACCOUNT, REGION } from './emulator.ts';

let cloud: Cloud;

beforeAll(async () => {
  cloud = await Cloud.start();
}, 120_000);

afterAll(() => cloud?.close());

const filters = async (logGroupName: string) => {
  const answer = await cloud.aws.logs.send(
    new DescribeSubscriptionFiltersCommand({ logGroupName }),
  );
  return answer.subscriptionFilters ?? [];
};

describe('A stack from its first deploy to its removal', () => {
  test('a deploy without log groups succeeds, and reconcile publishes the built-in rules', async () => {
    await cloud.deploy({ stage: 'dev' });
    await cloud.drain();
    expect(cloud.invocations('reconcile').map(({ outcome }) => outcome.ok)).toEqual([true]);
    expect(cloud.log('reconcile').join('\n')).toContain('"published":true');
    const { MetricAlarms = [] } = await cloud.aws.cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: 'flowlog-alerts/dev/service/' }),
    );
    expect(MetricAlarms).toHaveLength(23);
    const { DashboardBody } = await cloud.aws.cloudwatch.send(
      new GetDashboardCommand({ DashboardName: 'flowlog-alerts-dev' }),
    );
    expect(DashboardBody).toContain(`:${ACCOUNT}:alarm:flowlog-alerts/dev/service/tick-missing`);
    const queries = [...cloud.queries.definitions.values()].map(({ name }) => name);
    expect(queries).toEqual(
      expect.arrayContaining([
        'flowlog-alerts/dev/decisions/sent',
        'flowlog-alerts/dev/port-probing',
      ]),
    );
  }, 120_000);

  test('each function has its own bundle, and reconcile alone the built-in rules', async () => {
    for (const name of ['logs', 'reduce', 'tick']) {
      expect(await files(name)).toEqual([`handlers/${name}.mjs`, `handlers/${name}.mjs.map`]);
    }
    expect(await files('reconcile')).toEqual(
      expect.arrayContaining(['rules/reject-spike.yaml', 'rules/lists/allowed-scanners.yaml']),
    );
  });

  test('a log group that does not exist, or has two filters, fails the deploy', async () => {
    const missing = cloud.deploy({ stage: 'dev', params: { logGroups: '/vpc/missing' } });
    await expect(missing).rejects.toThrow('The specified log group does not exist. (/vpc/missing)');
    await cloud.aws.logs.send(new CreateLogGroupCommand({ logGroupName: '/vpc/full' }));
    for (const filterName of ['one', 'two']) await subscribe('/vpc/full', filterName);
    const third = cloud.deploy({ stage: 'dev', params: { logGroups: '/vpc/full' } });
    await expect(third).rejects.toThrow('/vpc/full has two filters');
  }, 120_000);

  test('a redeploy with log groups subscribes to them, and with one less leaves the other alone', async () => {
    for (const group of ['/vpc/a', '/vpc/b']) await cloud.createFlowLog(group);
    await cloud.deploy({ stage: 'dev', params: { logGroups: '/vpc/a,/vpc/b' } });
    expect(await filters('/vpc/a')).toMatchObject([{ filterName: 'flowlog-alerts-dev' }]);
    expect(await permitted()).toEqual(expect.arrayContaining(['/vpc/a', '/vpc/b']));
    await cloud.deploy({ stage: 'dev', params: { logGroups: '/vpc/b' } });
    expect(await filters('/vpc/a')).toEqual([]);
    expect(await filters('/vpc/b')).toHaveLength(1);
    expect(await permitted()).toContain('/vpc/b');
  }, 120_000);

  test('a bad parameter stops the deploy before anything is touched', async () => {
    const before = cloud.stack.template;
    const refused = cloud.deploy({ stage: 'dev', params: { retention: 91 } });
    await expect(refused).rejects.toThrow('Parameter retention: found "91"');
    expect(cloud.stack.template).toBe(before);
  }, 120_000);

  test('removal leaves the state bucket, as the docs say, and what was never the stack’s', async () => {
    const bucket = cloud.stack.output('StateBucketName');
    expect(await cloud.remove()).toEqual([
      `bucket ${bucket}`,
      'log group /vpc/a',
      'log group /vpc/b',
      'log group /vpc/full',
    ]);
  }, 120_000);
});

/** Paths in a function's package. */
async function files(name: string): Promise<string[]> {
  const directory = cloud.directory(name);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

/** Log groups that may start `logs`, by its policy. */
async function permitted(): Promise<string[]> {
  const { Policy = '' } = await cloud.aws.lambda.send(
    new GetPolicyCommand({ FunctionName: cloud.functionName('logs') }),
  );
  return [...Policy.matchAll(/log-group:([^"]*):\*"/g)].map(([, group]) => group ?? '');
}

/** A filter of someone else's, with the permission it needs. */
async function subscribe(logGroupName: string, filterName: string): Promise<void> {
  const destinationArn = cloud.stack.output('LogsFunctionArn');
  await cloud.aws.lambda.send(
    new AddPermissionCommand({
      FunctionName: destinationArn,
      StatementId: `${filterName}-may`,
      Action: 'lambda:InvokeFunction',
      Principal: 'logs.amazonaws.com',
      SourceArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${logGroupName}:*`,
    }),
  );
  await cloud.aws.logs.send(
    new PutSubscriptionFilterCommand({
      logGroupName,
      filterName,
      filterPattern: '',
      destinationArn,
    }),
  );
}
