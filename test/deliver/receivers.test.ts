import { describe, expect, test } from '@jest/globals';
import { send } from '../../src/deliver/send.ts';
import { channelTestAlert } from '../../src/deliver/test-alert.ts';
import { PermanentNotifyError } from '../../src/ports/notifier.ts';
import { OK, World } from './world.ts';

const SLACK = 'https://hooks.slack.com/services/T00000000/B00000000/slack-token-12345';

describe('A channel of type', () => {
  test('slack gets a message a second, and its alerts wait rather than fail', async () => {
    const world = new World();
    world.channel('ops', `{ type: slack, url: "${SLACK}" }`);
    world.receivers.set(SLACK, () => OK);
    for (const id of ['A', 'B', 'C', 'D']) world.alert({ id, to: ['ops'] });
    const began = world.now;
    await world.pump();
    expect(world.posted.map(({ at }) => at - began)).toEqual([0, 1_000, 2_000, 3_000]);
    expect(world.queue).toEqual([]);
  });

  test('webhook is not held to a pace', async () => {
    const world = new World();
    world.webhook('hook');
    for (const id of ['A', 'B', 'C', 'D']) world.alert({ id, to: ['hook'] });
    const began = world.now;
    await world.pump();
    expect(world.posted.map(({ at }) => at - began)).toEqual([0, 0, 0, 0]);
  });

  test('chatbot is written to through the stack’s own topic', async () => {
    const world = new World();
    world.channel('chat', '{ type: chatbot }');
    world.alert({ to: ['chat'] });
    await world.pump();
    expect(world.published).toMatchObject([{ topic: expect.stringMatching(/:chat$/) }]);
    expect(world.outcomes()).toEqual(['chat delivered']);
  });

  test('ocsf is written to through the topic that it names', async () => {
    const world = new World();
    const topic = 'arn:aws:sns:eu-west-1:123456789012:findings';
    world.channel('lake', `{ type: ocsf, topic: "${topic}" }`);
    world.alert({ to: ['lake'] });
    await world.pump();
    expect(world.published).toMatchObject([{ topic }]);
  });

  test('securityhub gets one finding', async () => {
    const world = new World();
    world.channel('hub', '{ type: securityhub }');
    world.alert({ to: ['hub'] });
    await world.pump();
    expect(world.findings).toMatchObject([{ AwsAccountId: '123456789012' }]);
  });
});

describe('A receiver inside AWS', () => {
  const findings = (error: Error) => ({
    post: { post: async () => OK },
    topics: { publish: async () => undefined },
    findings: { put: () => Promise.reject(error) },
    chatTopic: '',
  });
  const outgoing = { via: 'securityhub', finding: {} } as const;
  const channel = { type: 'securityhub' } as const;

  test('that refuses for now is asked again', async () => {
    const sent = await send(outgoing, channel, findings(new Error('AccessDenied')), 0);
    expect(sent).toEqual({ outcome: 'again', reason: 'AccessDenied' });
  });

  test('that refuses for ever is not', async () => {
    const never = new PermanentNotifyError('InvalidInput: Title');
    const sent = await send(outgoing, channel, findings(never), 0);
    expect(sent).toEqual({ outcome: 'never', reason: 'InvalidInput: Title' });
  });
});

test('what cannot be shown is done with, and the reason kept', async () => {
  const nothing = { via: 'nothing', why: 'it has no news' } as const;
  const receivers = {
    post: { post: () => Promise.reject(new Error()) },
    topics: { publish: () => Promise.reject(new Error()) },
    findings: { put: () => Promise.reject(new Error()) },
    chatTopic: '',
  };
  expect(await send(nothing, { type: 'chatbot' }, receivers, 0)).toEqual({
    outcome: 'delivered',
    reason: 'nothing to send: it has no news',
  });
});

test('a test alert for a channel goes the way of alerts', async () => {
  const world = new World();
  world.webhook('ops');
  const place = { account: '123456789012', region: 'eu-west-1', stage: 'prod', now: world.now };
  world.send(JSON.stringify(channelTestAlert('ops', 'firing', place)));
  world.send(JSON.stringify(channelTestAlert('ops', 'resolved', place)));
  await world.pump();
  expect(world.gotten('ops').map(({ type, status }) => [type, status])).toEqual([
    ['test', 'firing'],
    ['test', 'resolved'],
  ]);
});
