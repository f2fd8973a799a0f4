import { randomUUID } from 'node:crypto';
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { CloudWatchAlarmStore } from '../../../src/adapters/aws/cloudwatch-alarm-store.ts';
import { STAGE_TAG } from '../../../src/alarms/definition.ts';
import { desiredAlarms } from '../../../src/alarms/desired.ts';
import { Refusal } from '../../../src/ports/refusal.ts';
import { alarmed } from '../../alarms/rules.ts';
import { CompositeAlarms } from '../../cloud/gateway/composite-alarms.ts';
import { Gateway } from '../../cloud/gateway/gateway.ts';
import { runContract } from '../../contracts/alarm-store.ts';
import { ENDPOINT } from './emulator.ts';

let gateway: Gateway;
let client: CloudWatchClient;

beforeAll(async () => {
  gateway = await Gateway.start(ENDPOINT);
  const composite = new CompositeAlarms(gateway);
  gateway.before.push(composite.before);
  gateway.after.push(composite.after);
  client = new CloudWatchClient({ ...clientConfig(), endpoint: gateway.endpoint });
});

afterAll(async () => {
  client.destroy();
  await gateway.stop();
});

/** The emulator is shared, and remembers the tags of alarms that are gone. */
const newStage = () => `s${randomUUID().slice(0, 8)}`;

runContract({
  name: 'CloudWatchAlarmStore',
  async make() {
    const stage = newStage();
    return {
      stage,
      store: new CloudWatchAlarmStore({ client, stage }),
      foreign: async (alarm) => {
        await client.send(new PutMetricAlarmCommand(alarm as PutMetricAlarmCommandInput));
      },
    };
  },
});

const ACTIONS = ['arn:aws:sns:us-east-1:123456789012:alerts'];

test('a composite alarm is put, listed with its rule, and deleted', async () => {
  const stage = newStage();
  const store = new CloudWatchAlarmStore({ client, stage });
  const alarms = desiredAlarms([alarmed('a')], { stage, actions: ACTIONS, composite: true });
  for (const alarm of alarms) await store.put(alarm);
  const listed = await store.list();
  expect(listed.map(({ definition }) => definition)).toEqual([
    expect.objectContaining({ AlarmName: `flowlog-alerts/${stage}/rule/a` }),
    expect.objectContaining({
      AlarmName: `flowlog-alerts/${stage}/severity/medium`,
      AlarmRule: `ALARM("flowlog-alerts/${stage}/rule/a")`,
    }),
  ]);
  for (const stored of listed) expect(await store.isOurs(stored)).toBe(true);
  await store.delete(alarms.slice(1));
  expect(await store.list()).toHaveLength(1);
});

test('an alarm whose tag was taken away is no longer ours', async () => {
  const stage = newStage();
  const store = new CloudWatchAlarmStore({ client, stage });
  const [alarm] = desiredAlarms([alarmed('a')], { stage, actions: ACTIONS, composite: false });
  if (alarm) await store.put(alarm);
  const [stored] = await store.list();
  if (!stored) throw new Error('Nothing is stored');
  await client.send(new UntagResourceCommand({ ResourceARN: stored.arn, TagKeys: [STAGE_TAG] }));
  expect(await store.isOurs(stored)).toBe(false);
});

describe('what the client is asked', () => {
  const recorded = (answer: (name: string, input: Record<string, unknown>) => object) => {
    const calls: [string, Record<string, unknown>][] = [];
    const send = async (command: { constructor: { name: string }; input: object }) => {
      const call: [string, Record<string, unknown>] = [
        command.constructor.name,
        { ...command.input },
      ];
      calls.push(call);
      return answer(...call);
    };
    return { calls, client: { send } as unknown as CloudWatchClient };
  };
  const fault = (name: string) => Object.assign(new Error('no'), { name });

  test('lists page by page, all kinds of alarms, by the name of the stage', async () => {
    const { calls, client } = recorded((_, { NextToken }) =>
      NextToken === undefined ? { NextToken: 'more' } : { MetricAlarms: [] },
    );
    await new CloudWatchAlarmStore({ client, stage: 'prod' }).list();
    const page = {
      AlarmNamePrefix: 'flowlog-alerts/prod/',
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
    };
    expect(calls).toEqual([
      ['DescribeAlarmsCommand', page],
      ['DescribeAlarmsCommand', { ...page, NextToken: 'more' }],
    ]);
  });

  test('where one of many names is gone, the others are deleted one by one', async () => {
    const { calls, client } = recorded((_, { AlarmNames }) => {
      const names = AlarmNames as string[];
      if (names.length > 1 || names[0]?.endsWith('gone')) throw fault('ResourceNotFound');
      return {};
    });
    const alarms = desiredAlarms([alarmed('here'), alarmed('gone')], {
      stage: 'prod',
      actions: [],
      composite: false,
    });
    await new CloudWatchAlarmStore({ client, stage: 'prod' }).delete(alarms);
    expect(calls.map(([, { AlarmNames }]) => AlarmNames)).toEqual([
      ['flowlog-alerts/prod/rule/here', 'flowlog-alerts/prod/rule/gone'],
      ['flowlog-alerts/prod/rule/here'],
      ['flowlog-alerts/prod/rule/gone'],
    ]);
  });

  test.each([
    ['Throttling', 'throttled'],
    ['LimitExceededFault', 'quota'],
    ['AccessDenied', 'denied'],
    ['ValidationError', 'invalid'],
  ])('%s is a refusal: %s', async (name, reason) => {
    const { client } = recorded(() => {
      throw fault(name);
    });
    const [alarm] = desiredAlarms([alarmed('a')], { stage: 'p', actions: [], composite: false });
    if (!alarm) throw new Error('There is no alarm');
    const put = new CloudWatchAlarmStore({ client, stage: 'p' }).put(alarm);
    await expect(put).rejects.toMatchObject({ name: 'Refusal', reason });
    await expect(put).rejects.toBeInstanceOf(Refusal);
  });

  test('any other failure comes through as it is', async () => {
    const { client } = recorded(() => {
      throw fault('ServiceUnavailable');
    });
    const store = new CloudWatchAlarmStore({ client, stage: 'p' });
    await expect(store.list()).rejects.toThrow(
      expect.objectContaining({ name: 'ServiceUnavailable' }),
    );
  });
});
