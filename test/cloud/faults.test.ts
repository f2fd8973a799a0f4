import { gzipSync } from 'node:zlib';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientConfig, s3Config } from '../../src/adapters/aws/clients.ts';
import { CloudWatchMetricSink } from '../../src/adapters/aws/cloudwatch-metric-sink.ts';
import { DynamoDigestLog } from '../../src/adapters/aws/dynamo-digest-log.ts';
import { S3CheckpointStore } from '../../src/adapters/aws/s3-checkpoint-store.ts';
import { SignedAws } from '../../src/adapters/aws/signed-aws.ts';
import { SignedDeadLetters } from '../../src/adapters/aws/signed-dead-letters.ts';
import { SignedSnapshotStore } from '../../src/adapters/aws/signed-snapshot-store.ts';
import { SnsNotifier } from '../../src/adapters/aws/sns-notifier.ts';
import { checkpointKey, SNAPSHOT_KEY } from '../../src/adapters/aws/state-bucket.ts';
import { CachedSnapshot } from '../../src/adapters/local/cached-snapshot.ts';
import type { Alert } from '../../src/alerts/alert.ts';
import { Ingest } from '../../src/map/ingest.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import type { Log } from '../../src/ports/log.ts';
import { decodeCheckpoint } from '../../src/reduce/3-checkpoint/checkpoint.ts';
import { ReduceLoop } from '../../src/reduce/run.ts';
import { ENDPOINT, newBucket, newQueue, newTable } from '../adapters/aws/emulator.ts';
import { delivery } from '../faults/world.ts';
import {
  type Fate,
  type FaultProxy,
  type ProxiedCall,
  startFaultProxy,
} from '../moto/fault-proxy.ts';
import { aFlow, asLogEntry, aTick, NOON } from '../reduce/flows.ts';
import { aCount, aRule, aSnapshot, by } from '../reduce/rules.ts';

const LEASE = 300_000;
const MOST_TRIES = 6;
const silent: Log = () => {};
const SNAPSHOT = aSnapshot([aRule({ id: 'every' }), aCount(2, 300, { by: by() })]);

/** Clients that no fault touches. */
const direct = {
  s3: new S3Client(s3Config()),
  sns: new SNSClient(clientConfig()),
  sqs: new SQSClient(clientConfig()),
  dynamo: new DynamoDBClient(clientConfig()),
};
/** Clients that call through the proxy. */
let proxied: { s3: S3Client; sns: SNSClient; dynamo: DynamoDBClient; cloudwatch: CloudWatchClient };
let proxy: FaultProxy;

beforeAll(async () => {
  proxy = await startFaultProxy(ENDPOINT);
  const { endpoint } = proxy;
  proxied = {
    s3: new S3Client({ ...s3Config(), endpoint }),
    sns: new SNSClient({ ...clientConfig(), endpoint }),
    dynamo: new DynamoDBClient({ ...clientConfig(), endpoint }),
    cloudwatch: new CloudWatchClient({ ...clientConfig(), endpoint }),
  };
});

afterAll(async () => {
  for (const client of [...Object.values(direct), ...Object.values(proxied)]) client.destroy();
  await proxy.stop();
});

interface Place {
  readonly table: string;
  readonly bucket: string;
  readonly topicArn: string;
  /** What the topic delivers to. */
  readonly inbox: string;
  readonly letters: string;
}

let places = 0;

async function newPlace(): Promise<Place> {
  const [table, bucket, inbox, letters] = await Promise.all([
    newTable(direct.dynamo),
    newBucket(direct.s3),
    newQueue(direct.sqs),
    newQueue(direct.sqs),
  ]);
  const Body = gzipSync(JSON.stringify(SNAPSHOT));
  await direct.s3.send(new PutObjectCommand({ Bucket: bucket, Key: SNAPSHOT_KEY, Body }));
  const { TopicArn = '' } = await direct.sns.send(
    new CreateTopicCommand({ Name: `faults-${process.pid}-${places++}` }),
  );
  const { Attributes } = await direct.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: inbox, AttributeNames: ['QueueArn'] }),
  );
  await direct.sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  return { table, bucket, topicArn: TopicArn, inbox, letters };
}

/** The functions `logs` and `reduce`, wired as their handlers do; and the callers that try again. */
class Service {
  readonly #place: Place;
  readonly #handed = new Set<string>();
  #ingest: Ingest | undefined;
  #reduce: ReduceLoop | undefined;
  #processes = 0;
  /** Unix ms. */
  now = (NOON + 90) * 1_000;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Every process is another from here on. */
  restart(): void {
    this.#ingest = undefined;
    this.#reduce = undefined;
  }

  #signed() {
    const { bucket, letters: queueUrl } = this.#place;
    const now = () => this.now;
    const aws = new SignedAws({ env: { ...process.env, AWS_ENDPOINT_URL: proxy.endpoint } });
    const store = new SignedSnapshotStore({ bucket, aws });
    return {
      deadLetters: new SignedDeadLetters({ queueUrl, bucket, aws }),
      snapshots: new CachedSnapshot({ store, now, log: silent }),
      log: silent,
      now,
    };
  }

  #newIngest(): Ingest {
    const { snapshots, ...ports } = this.#signed();
    const digests = new DynamoDigestLog({ client: proxied.dynamo, table: this.#place.table });
    return new Ingest(
      { ...ports, digests, snapshot: () => snapshots.get() },
      { shards: 1, instance: `map-${this.#processes++}`, region: 'us-east-1' },
    );
  }

  #newReduce(): ReduceLoop {
    const { snapshots, ...ports } = this.#signed();
    const { bucket, topicArn } = this.#place;
    const { now, log } = ports;
    return new ReduceLoop(
      {
        ...ports,
        checkpoints: new S3CheckpointStore({ client: proxied.s3, bucket, now, log }),
        notifier: new SnsNotifier({ client: proxied.sns, topicArn }),
        metrics: new CloudWatchMetricSink({ client: proxied.cloudwatch, now, log }),
        snapshot: (newest) => snapshots.get(newest),
      },
      { stage: 'test', writer: `reduce-${this.#processes++}`, lease: LEASE },
    );
  }

  deliver(event: unknown): Promise<void> {
    return this.#persistently(async () => {
      this.#ingest ??= this.#newIngest();
      await this.#ingest.subscription(event);
    });
  }

  /** What the table's stream has not handed over yet, and then the batch given. */
  async stream(more: readonly LogEntry[] = []): Promise<void> {
    const { table } = this.#place;
    const batch: LogEntry[] = [];
    for await (const entry of new DynamoDigestLog({ client: direct.dynamo, table }).read(0)) {
      if (this.#handed.has(entry.key)) continue;
      this.#handed.add(entry.key);
      batch.push(entry);
    }
    await this.#persistently(async () => {
      this.#reduce ??= this.#newReduce();
      await this.#reduce.run([...batch, ...more]);
    });
  }

  tick(): Promise<void> {
    return this.stream([asLogEntry(aTick(this.now))]);
  }

  /** Whoever calls is told of a failure and calls again. */
  async #persistently(attempt: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (tries === MOST_TRIES) throw error;
        afterFailure?.(this);
      }
    }
  }
}

let afterFailure: ((service: Service) => void) | undefined;

async function scenario(service: Service): Promise<void> {
  const flow = (last: number, minute = 0) =>
    aFlow(NOON + minute * 60, { srcaddr: `198.51.100.${last}` });
  await service.deliver(delivery([flow(1), flow(2)]));
  await service.deliver({ awslogs: { data: 'bm8gZ3ppcA==' } });
  await service.stream();
  service.now += 60_000;
  const unreadable = { shard: 0, key: 'unreadable', at: service.now, data: Buffer.of(0x10) };
  await service.stream([unreadable, asLogEntry(aTick(service.now))]);
  await service.deliver(delivery([flow(1, 1), flow(3, 1)]));
  await service.stream();
  // What was put off is due, and what a dead process held is free.
  for (let i = 0; i < 2; i++) {
    service.now += LEASE;
    await service.tick();
  }
}

interface Outcome {
  readonly memory: object;
  /** How often each notification was received. */
  readonly alerts: ReadonlyMap<string, number>;
  readonly letters: readonly string[];
  readonly calls: readonly string[];
}

const nameOf = ({ operation, resource = '' }: Omit<ProxiedCall, 'body' | 'headers'>) =>
  `${operation} ${resource.replace(/^[^/]*\//, '').replace(/^(backup).*/, '$1')}`.trim();

async function run(
  decide: (name: string, index: number) => Fate,
  onFailure?: (service: Service) => void,
): Promise<Outcome> {
  const place = await newPlace();
  proxy.clear();
  let index = 0;
  proxy.onCall((call) => decide(nameOf(call as never), index++));
  afterFailure = onFailure;
  await scenario(new Service(place));
  const calls = proxy.calls().map((call) => nameOf(call as never));
  proxy.clear();
  const alerts = new Map<string, number>();
  for (const body of await received(place.inbox)) {
    const { rule, id, seq } = JSON.parse(body) as Alert;
    const name = `${rule.id} ${id}#${seq}`;
    alerts.set(name, (alerts.get(name) ?? 0) + 1);
  }
  const letters = [...new Set(await received(place.letters))].sort();
  return { memory: await memoryOf(place), alerts, letters, calls };
}

async function received(QueueUrl: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await direct.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = '' }) => Body));
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await direct.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

/** Without what is approximate: heartbeats, metrics, and clocks that a tick alone has moved. */
async function memoryOf({ bucket }: Place): Promise<object> {
  const { Body } = await direct.s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: checkpointKey(0) }),
  );
  const state = decodeCheckpoint((await Body?.transformToByteArray()) ?? new Uint8Array());
  const applied = [...state.applied.keys()].filter((key) => !key.includes('#beat#')).sort();
  return { applied, rules: state.rules, outbox: state.outbox };
}

/** Whether a double may be: something had been published when the process died, and no checkpoint says so. */
function mayDouble(calls: readonly string[], index: number, happened: boolean): boolean {
  const done = calls.slice(0, happened ? index + 1 : index);
  const saved = done.lastIndexOf(`PutObject ${checkpointKey(0)}`);
  return done.slice(saved + 1).includes('Publish');
}

describe('a fault at any AWS call of logs and reduce', () => {
  let expected: Outcome;

  beforeAll(async () => {
    expected = await run(() => 'pass');
  });

  function expectTheSame(at: string, found: Outcome, doubles: boolean): void {
    expect([at, [...found.alerts.keys()].sort()]).toEqual([at, [...expected.alerts.keys()].sort()]);
    const often = [...found.alerts.values()].filter((count) => count > 1);
    if (!doubles) expect([at, often]).toEqual([at, []]);
    expect([at, found.letters]).toEqual([at, expected.letters]);
    expect([at, found.memory]).toEqual([at, expected.memory]);
  }

  test('the run without one makes every kind of call, alerts and parks', () => {
    expect([...new Set(expected.calls)].sort()).toEqual([
      'GetObject checkpoint/0',
      'GetObject snapshot.json.gz',
      'Publish',
      'PutItem',
      'PutMetricData',
      'PutObject backup',
      'PutObject checkpoint/0',
      'SendMessage',
    ]);
    expect([...expected.alerts].map(([name, count]) => [name.split(' ')[0], count])).toEqual([
      ['every', 1],
      ['every', 1],
      ['count', 1],
      ['every', 1],
    ]);
    expect(expected.letters).toHaveLength(2);
    expect(expected.memory).toMatchObject({ outbox: [] });
  });

  test.each<Fate & string>(['fail-before', 'fail-after', 'throttle', 'unavailable'])(
    '%s, once: the client’s own retry makes up for it',
    async (fate) => {
      for (let at = 0; at < expected.calls.length; at++) {
        const found = await run((_, index) => (index === at ? fate : 'pass'));
        // SNS cannot know the same message again.
        const again = fate === 'fail-after' && expected.calls[at] === 'Publish';
        expectTheSame(`${fate} at ${at}, ${expected.calls[at]}`, found, again);
      }
    },
    300_000,
  );

  test.each<Fate & string>(['deny', 'fail-after'])(
    '%s, until the client gives up: whoever called calls again',
    async (fate) => {
      for (let at = 0; at < expected.calls.length; at++) {
        const name = expected.calls[at];
        let gaveUp = false;
        let attempts = 0;
        const found = await run(
          (call, index) => {
            if (index < at || gaveUp || call !== name) {
              // The calls of another kind that follow show that the client has given up.
              if (index > at) gaveUp = true;
              return 'pass';
            }
            if (++attempts >= 5 || fate === 'deny') gaveUp = true;
            return fate;
          },
          () => {
            gaveUp = true;
          },
        );
        const again = fate === 'fail-after' && name === 'Publish';
        expectTheSame(`${fate} at ${at}, ${name}`, found, again);
      }
    },
    300_000,
  );

  test.each([
    ['before', 'deny'],
    ['after', 'fail-after'],
  ] as const)(
    'the process dies %s any call: another goes on',
    async (when, fate) => {
      for (let at = 0; at < expected.calls.length; at++) {
        let dead = false;
        let revived = false;
        const found = await run(
          (_, index) => {
            if (revived || index < at) return 'pass';
            if (dead) return 'deny';
            dead = true;
            return fate;
          },
          (service) => {
            if (dead && !revived) {
              revived = true;
              service.restart();
            }
          },
        );
        const { calls } = found;
        expectTheSame(
          `dies ${when} ${at}, ${expected.calls[at]}`,
          found,
          mayDouble(calls, at, when === 'after'),
        );
      }
    },
    300_000,
  );
});
