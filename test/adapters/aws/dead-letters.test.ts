import { createHash } from 'node:crypto';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { clientConfig, s3Config } from '../../../src/adapters/aws/clients.ts';
import { SignedAws } from '../../../src/adapters/aws/signed-aws.ts';
import { SignedDeadLetters } from '../../../src/adapters/aws/signed-dead-letters.ts';
import { type Letter, runContract } from '../../contracts/dead-letters.ts';
import { type Fate, inTurn, type ProxiedCall, startFaultProxy } from '../../moto/fault-proxy.ts';
import { ENDPOINT, newBucket, newQueue } from './emulator.ts';

const sqs = new SQSClient(clientConfig());
const s3 = new S3Client(s3Config());
afterAll(() => {
  sqs.destroy();
  s3.destroy();
});

const place = async () => ({ queueUrl: await newQueue(sqs), bucket: await newBucket(s3) });

runContract({
  name: 'SignedDeadLetters',
  async make() {
    const where = await place();
    const letters = new SignedDeadLetters({ aws: new SignedAws(), ...where });
    return { letters, parked: () => lettersIn(where.queueUrl) };
  },
});

test('a large body lies under its hash in the state bucket, and the message names it', async () => {
  const where = await place();
  const body = 'x'.repeat(300_000);
  await new SignedDeadLetters({ aws: new SignedAws(), ...where }).park({
    kind: 'batch',
    reason: 'no room',
    body,
  });
  const hash = createHash('sha256').update(body).digest('hex');
  expect(await messagesIn(where.queueUrl)).toEqual([
    {
      kind: 'batch',
      reason: 'no room',
      bodyAt: `s3://${where.bucket}/unreadable/${hash}`,
      bytes: 300_000,
    },
  ]);
});

describe('SignedDeadLetters on a bad connection', () => {
  async function parkMeeting(decide: (call: ProxiedCall) => Fate, body: string) {
    const where = await place();
    const proxy = await startFaultProxy(ENDPOINT);
    proxy.onCall(decide);
    const env = { ...process.env, AWS_ENDPOINT_URL: proxy.endpoint };
    const aws = new SignedAws({ env, sleep: async () => {} });
    try {
      await new SignedDeadLetters({ aws, ...where }).park({ kind: 'batch', reason: 'r', body });
      return {
        calls: proxy.calls().map(({ service, operation }) => `${service} ${operation}`),
        where,
      };
    } finally {
      await proxy.stop();
    }
  }

  test.each(['fail-before', 'throttle', 'unavailable'] as const)(
    'a letter that meets %s is sent again',
    async (fate) => {
      const { calls, where } = await parkMeeting(
        inTurn(() => true, fate),
        'short',
      );
      expect(calls).toEqual(['sqs SendMessage', 'sqs SendMessage']);
      expect(await lettersIn(where.queueUrl)).toHaveLength(1);
    },
  );

  test('the message is sent only after its body is stored', async () => {
    const { calls } = await parkMeeting(() => 'pass', 'x'.repeat(300_000));
    expect(calls).toEqual(['s3 PutObject', 'sqs SendMessage']);
  });

  test('a body that cannot be stored is an error, and no message speaks of it', async () => {
    const seen: string[] = [];
    const decide = (call: ProxiedCall): Fate => {
      seen.push(call.service);
      return call.service === 's3' ? 'deny' : 'pass';
    };
    await expect(parkMeeting(decide, 'x'.repeat(300_000))).rejects.toThrow('403 AccessDenied');
    expect(seen).toEqual(['s3']);
  });

  test('a refused message is an error that names the code', async () => {
    await expect(parkMeeting(() => 'deny', 'short')).rejects.toThrow('400 AccessDenied to POST');
  });
});

async function messagesIn(queueUrl: string): Promise<Record<string, unknown>[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body }) => JSON.parse(Body ?? ''));
}

/** The letters of a queue with the bodies that lie elsewhere. */
async function lettersIn(queueUrl: string): Promise<Letter[]> {
  const letters: Letter[] = [];
  for (const { bodyAt, bytes, ...rest } of await messagesIn(queueUrl)) {
    if (bodyAt === undefined) letters.push(rest as unknown as Letter);
    else {
      const body = await objectAt(String(bodyAt));
      expect(Buffer.byteLength(body)).toBe(bytes);
      letters.push({ ...rest, body } as unknown as Letter);
    }
  }
  return letters;
}

async function objectAt(url: string): Promise<string> {
  const { host, pathname } = new URL(url);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: host, Key: pathname.slice(1) }));
  return Body?.transformToString() ?? '';
}
