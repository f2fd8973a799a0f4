import { randomUUID } from 'node:crypto';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { clientConfig, s3Config } from '../../../src/adapters/aws/clients.ts';
import { DynamoDigestLog } from '../../../src/adapters/aws/dynamo-digest-log.ts';
import { S3CheckpointStore } from '../../../src/adapters/aws/s3-checkpoint-store.ts';
import { snapshotPublisher } from '../../../src/adapters/aws/snapshot-publisher.ts';
import { checkpointKey } from '../../../src/adapters/aws/state-bucket.ts';
import { cli } from '../../cli/cli.ts';
import { World } from '../../faults/world.ts';
import { aFlow, NOON } from '../../reduce/flows.ts';
import { arrive, memories, redeployed } from '../../reduce/rebuild/deployments.ts';
import { aCount, aRule, aSnapshot, by } from '../../reduce/rules.ts';
import { newBucket, newTable } from './emulator.ts';

// Every shard that there can have been is asked for, one call after the other in the emulator.
jest.setTimeout(60_000);

const s3 = new S3Client(s3Config());
const dynamo = new DynamoDBClient(clientConfig());
const formation = new CloudFormationClient(clientConfig());
afterAll(() => {
  s3.destroy();
  dynamo.destroy();
  formation.destroy();
});

const SNAPSHOT = aSnapshot([aRule({ id: 'every' }), aCount(3, 600, { by: by('srcaddr') })]);

/** A stack with the outputs of a deployment of so many shards. */
async function newStack(
  table: string,
  bucket: string,
  shards: number | undefined,
): Promise<string> {
  const stage = `s${randomUUID().slice(0, 8)}`;
  const outputs = {
    AlertTopicArn: 'arn:aws:sns:us-east-1:123456789012:alerts',
    LogsFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:logs',
    DigestTableName: table,
    StateBucketName: bucket,
    ...(shards === undefined ? {} : { Shards: String(shards) }),
  };
  await formation.send(
    new CreateStackCommand({
      StackName: `flowlog-alerts-${stage}`,
      TemplateBody: JSON.stringify({
        Resources: { Nothing: { Type: 'AWS::SQS::Queue' } },
        Outputs: Object.fromEntries(
          Object.entries(outputs).map(([name, Value]) => [name, { Value }]),
        ),
      }),
    }),
  );
  return stage;
}

/** A world whose log and checkpoints are in AWS. */
async function aDeployment(shards: number) {
  const [table, bucket] = [await newTable(dynamo), await newBucket(s3)];
  const log = () => {};
  const inAws = {
    digests: new DynamoDigestLog({ client: dynamo, table }),
    checkpoints: new S3CheckpointStore({ client: s3, bucket, now: Date.now, log }),
  };
  await snapshotPublisher({ client: s3, bucket }).save(JSON.stringify(SNAPSHOT), undefined);
  const world = new World(SNAPSHOT, (NOON + 60) * 1_000, shards);
  for (let minute = 0; minute < 4; minute++) {
    const flows = [1, 2, 3, 4].map((last) =>
      aFlow(NOON + minute * 60, { srcaddr: `198.51.100.${last + (minute % 2)}` }),
    );
    await arrive(world, flows);
    await world.minute();
  }
  for (let shard = 0; shard < shards; shard++) {
    for (const entry of world.digests.entries(shard)) await inAws.digests.put(entry);
    const stored = await world.checkpoints.load(shard);
    if (stored) await inAws.checkpoints.save(shard, stored.body, undefined);
  }
  return { world, inAws, table, bucket };
}

describe('flowlog-alerts rebuild', () => {
  test('makes what a deployment remembers again and says of what', async () => {
    const { world, inAws, table, bucket } = await aDeployment(1);
    const stage = await newStack(table, bucket, 1);
    const before = await memories(world);
    const { code, out, err } = await cli(['rebuild', '--stage', stage]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^shard 0: 10 groups \(10 before\) of 8 digests, .*B\nThe memory of every shard is replaced\.\n$/,
    );
    Object.assign(world, inAws);
    expect(await memories(world)).toEqual(before);
  });

  test('splits it among the shards that are deployed now', async () => {
    const { world, inAws, table, bucket } = await aDeployment(1);
    const stage = await newStack(table, bucket, 2);
    const { code, out } = await cli(['rebuild', '--stage', stage, '--json']);
    expect(code).toBe(0);
    const [first, second, summary] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first.groups + second.groups).toBe(10);
    expect(second).toMatchObject({ shard: 1, before: 0 });
    expect(summary).toEqual({ saved: true, left: 0, unreadable: 0, outOfTurn: 0, otherRules: {} });
    const other = redeployed(world, 2);
    Object.assign(other, inAws);
    expect((await other.memory(1))?.rules.size).toBe(2);
  });

  test('--dry-run shows it for any number of shards and changes nothing', async () => {
    const { inAws, table, bucket } = await aDeployment(1);
    const stage = await newStack(table, bucket, 1);
    const before = await inAws.checkpoints.load(0);
    const { code, out } = await cli(['rebuild', '--stage', stage, '--dry-run', '--shards', '3']);
    expect(code).toBe(0);
    expect(out).toMatch(/shard 2: \d+ groups \(0 before\)/);
    expect(out).toMatch(/Nothing was changed\.\n$/);
    expect(await inAws.checkpoints.load(0)).toEqual(before);
    expect(await inAws.checkpoints.load(2)).toBeUndefined();
  });

  test('another number than the deployed one is refused, with what to do', async () => {
    const { table, bucket } = await aDeployment(1);
    const stage = await newStack(table, bucket, 1);
    const { code, err } = await cli(['rebuild', '--stage', stage, '--shards', '2']);
    expect(code).toBe(2);
    expect(err).toBe(
      '--shards 2: the functions deployed split digests among 1. Deploy with --param="shards=2" first; --dry-run shows what would come of it.\n',
    );
    expect((await cli(['rebuild', '--stage', stage, '--shards', '65'])).code).toBe(2);
  });

  test('what is missing is named: the stack, its output, the rules, the checkpoint', async () => {
    const { table, bucket, inAws } = await aDeployment(1);
    const errors = async (stage: string) => (await cli(['rebuild', '--stage', stage])).err;
    expect(await errors('none')).toMatch(/^the stack flowlog-alerts-none cannot be read: /);
    const old = await newStack(table, bucket, undefined);
    expect(await errors(old)).toBe(
      `The stack flowlog-alerts-${old} has no output Shards: deploy this version first.\n`,
    );
    const stage = await newStack(table, bucket, 1);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'snapshot.json.gz' }));
    expect(await errors(stage)).toMatch(/^No rules are published in s3:\/\//);
    const other = { ...SNAPSHOT, version: 2 as unknown as 1 };
    const publisher = snapshotPublisher({ client: s3, bucket });
    await publisher.save(JSON.stringify(other), undefined);
    expect(await errors(stage)).toMatch(/is a snapshot of version 2, and this version/);
    await publisher.save(JSON.stringify(SNAPSHOT), (await publisher.load())?.tag);
    await inAws.checkpoints.save(0, Buffer.from('none'), (await inAws.checkpoints.load(0))?.tag);
    expect(await errors(stage)).toMatch(/^the checkpoint cannot be read: .*\n$/);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: checkpointKey(0) }));
    expect(await errors(stage)).toMatch(/^there is no checkpoint of any shard: .*\.\n$/);
  });

  test('a table that is gone is an error with its name', async () => {
    const { bucket } = await aDeployment(1);
    const stage = await newStack('gone', bucket, 1);
    const { code, err } = await cli(['rebuild', '--stage', stage]);
    expect(code).toBe(1);
    expect(err).toMatch(/ResourceNotFoundException/);
  });
});
