import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { type Deployment, DeploymentError, followTestAlert, type Hop } from '../../src/cli/hops.ts';
import type { DeliveryKey, DeliveryRow } from '../../src/ports/delivery-book.ts';

const OUTPUTS = {
  AlertTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alerts',
  DeliveryTableName: 'deliveries',
  DigestTableName: 'digests',
  StateBucketName: 'state',
  LogsFunctionArn: 'arn:logs',
  Account: '123456789012',
};

/** A stack in which each thing happens after so many looks. */
class FakeDeployment implements Deployment {
  readonly invoked: [string, unknown][] = [];
  published = true;
  digestAfter = 0;
  storedAfter = 0;
  alertAfter = 0;
  alertPort: number | undefined;
  malformed = 0;
  sent = true;
  readonly asked: [string, DeliveryKey][] = [];
  /** What the table says of the delivery, look by look; the last one stays. */
  rows: (Partial<DeliveryRow> | undefined)[] = [undefined];

  async outputs() {
    return OUTPUTS;
  }

  async hasSnapshot() {
    return this.published;
  }

  async invoke(name: string, event: unknown): Promise<unknown> {
    this.invoked.push([name, event]);
    if (name.endsWith('-reconcile')) {
      this.published = true;
      return null;
    }
    const digests = this.digestAfter-- > 0 ? [] : [{ shard: 0, key: '1767225600#batch#abc#0' }];
    return [{ records: 1 - this.malformed, malformed: this.malformed, digests }];
  }

  async delivery(table: string, key: DeliveryKey) {
    this.asked.push([table, key]);
    const row = this.rows.length > 1 ? this.rows.shift() : this.rows[0];
    return row as DeliveryRow | undefined;
  }

  async hasDigest() {
    return this.storedAfter-- <= 0;
  }

  async logLines(group: string, _since: number, term: string) {
    if (this.alertAfter-- > 0) return [];
    const srcport = this.alertPort ?? Number(term);
    const line = {
      level: 'info',
      event: 'notification',
      id: 'ABC',
      sent: this.sent,
      alert: { group: { srcport } },
    };
    return [`START RequestId: ${group}`, JSON.stringify(line)];
  }
}

async function follow(deployment: Deployment, wait = 10_000, channel?: string): Promise<Hop[]> {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const hops: Hop[] = [];
  const options = {
    stage: 'prod',
    wait,
    srcport: 40_000,
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
    stop: new AbortController().signal,
    ...(channel !== undefined && { channel }),
  };
  for await (const hop of followTestAlert(deployment, options)) hops.push(hop);
  return hops;
}

describe('with a channel, followTestAlert', () => {
  const last = async (rows: FakeDeployment['rows'], wait?: number) => {
    const deployment = new FakeDeployment();
    deployment.rows = rows;
    const hops = await follow(deployment, wait, 'ops');
    return { deployment, hops, end: hops.at(-1) };
  };

  test('sends the flow as one for the channel, and waits until it is delivered there', async () => {
    const { deployment, end } = await last([
      undefined,
      { state: 'claimed' },
      { state: 'delivered' },
    ]);
    expect(end).toEqual({
      hop: 'deliver',
      ok: true,
      seconds: 2,
      detail: 'delivered to the channel ops',
    });
    expect(deployment.asked[0]).toEqual(['deliveries', { id: 'ABC', order: 0, channel: 'ops' }]);
    const [[, event]] = deployment.invoked;
    const { data } = (event as { awslogs: { data: string } }).awslogs;
    const payload = JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString());
    expect(payload.logGroup).toBe('flowlog-alerts/test/ops');
  });

  test('tells why it was not delivered, at once where it never will be', async () => {
    const { end } = await last([{ state: 'parked', reason: 'it answered 404: no_service' }]);
    expect(end).toMatchObject({
      ok: false,
      seconds: 0,
      detail: 'not delivered to the channel ops: it answered 404: no_service',
      advice: expect.stringContaining('channels test ops --stage prod'),
    });
  });

  test('tells what the last try came to, where it may still be delivered', async () => {
    const { end } = await last([{ state: 'again', reason: 'no answer: ECONNREFUSED' }], 5_000);
    expect(end).toMatchObject({
      ok: false,
      detail: 'not delivered to the channel ops yet: no answer: ECONNREFUSED',
    });
  });

  test('points at the log of deliver where nobody has tried', async () => {
    const { end } = await last([undefined], 5_000);
    expect(end).toMatchObject({
      ok: false,
      detail: 'deliver has not tried the channel ops',
      advice: expect.stringContaining('/aws/lambda/flowlog-alerts-prod-deliver'),
    });
  });
});

const seen = (hops: readonly Hop[]) => hops.map(({ hop, ok, seconds }) => [hop, ok, seconds]);

describe('followTestAlert', () => {
  test('tells each hop with its time', async () => {
    const deployment = new FakeDeployment();
    deployment.storedAfter = 2;
    deployment.alertAfter = 3;
    const hops = await follow(deployment);
    expect(seen(hops)).toEqual([
      ['stack', true, 0],
      ['rules', true, 0],
      ['logs', true, 0],
      ['digest', true, 2],
      ['alert', true, 5],
    ]);
    expect(hops.at(-1)?.detail).toBe(`published to ${OUTPUTS.AlertTopicArn}, alert ABC`);
  });

  test('sends a subscription payload with one flow of now from the test interface', async () => {
    const deployment = new FakeDeployment();
    await follow(deployment);
    const [[name, event]] = deployment.invoked;
    const { data } = (event as { awslogs: { data: string } }).awslogs;
    const payload = JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString());
    expect(name).toBe('arn:logs');
    expect(payload).toMatchObject({
      messageType: 'DATA_MESSAGE',
      owner: '123456789012',
      logGroup: 'flowlog-alerts/test',
      logEvents: [
        {
          id: expect.stringMatching(/^\d{56}$/),
          timestamp: 1_767_225_600_000,
          message:
            '2 123456789012 eni-flowlogalertstest 10.0.0.1 10.0.0.2 40000 443 6 1 40 1767225600 1767225600 ACCEPT OK',
        },
      ],
    });
  });

  test('without published rules it invokes reconcile first and says so', async () => {
    const deployment = new FakeDeployment();
    deployment.published = false;
    const hops = await follow(deployment);
    expect(deployment.invoked[0][0]).toBe('flowlog-alerts-prod-reconcile');
    expect(hops[1].detail).toMatch(/invoked reconcile/);
    expect(hops.every(({ ok }) => ok)).toBe(true);
  });

  test('a function that still holds older rules is tried again', async () => {
    const deployment = new FakeDeployment();
    deployment.digestAfter = 2;
    expect(seen(await follow(deployment))).toContainEqual(['logs', true, 2]);
    expect(deployment.invoked).toHaveLength(3);
  });

  test.each([
    ['digestAfter', 'logs', /flowlog-alerts-prod-logs/],
    ['storedAfter', 'digest', /flowlog-alerts-prod-logs/],
    ['alertAfter', 'alert', /flowlog-alerts-prod-reduce/],
  ] as const)(
    'where %s never ends, %s is the missing hop, with what to look at',
    async (what, name, advice) => {
      const deployment = new FakeDeployment();
      deployment[what] = 1_000;
      const last = (await follow(deployment)).at(-1);
      expect(last).toMatchObject({ hop: name, ok: false });
      expect(last?.advice).toMatch(advice);
      expect(last?.seconds).toBeLessThanOrEqual(10);
    },
  );

  test('a decision not to send is no alert', async () => {
    const deployment = new FakeDeployment();
    deployment.sent = false;
    expect((await follow(deployment)).at(-1)).toMatchObject({ hop: 'alert', ok: false });
  });

  test('a log group whose settings give it another format is told', async () => {
    const deployment = new FakeDeployment();
    deployment.digestAfter = 1_000;
    deployment.malformed = 1;
    expect((await follow(deployment)).at(-1)?.detail).toContain(
      'the settings give flowlog-alerts/test',
    );
  });

  test('the alert of another test is not taken for this one', async () => {
    const deployment = new FakeDeployment();
    deployment.alertPort = 40_001;
    expect((await follow(deployment)).at(-1)).toMatchObject({ hop: 'alert', ok: false });
  });

  test('what the deployment refuses is told at its hop', async () => {
    const deployment = new FakeDeployment();
    deployment.hasDigest = async () => {
      throw new DeploymentError('the table digests cannot be read: AccessDenied');
    };
    expect((await follow(deployment)).at(-1)).toMatchObject({
      hop: 'digest',
      ok: false,
      detail: 'the table digests cannot be read: AccessDenied',
    });
  });

  test('a fault of the program itself is not hidden', async () => {
    const deployment = new FakeDeployment();
    deployment.hasDigest = async () => {
      throw new TypeError('bug');
    };
    await expect(follow(deployment)).rejects.toThrow('bug');
  });
});
