import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Channel } from '../../src/deliver/channel.ts';
import { redactorOf } from '../../src/deliver/redact.ts';
import { send } from '../../src/deliver/send.ts';
import { anAlert } from '../alerts/an-alert.ts';
import { World } from './world.ts';

const SLACK: Channel = {
  type: 'slack',
  url: 'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
};
const TEAMS: Channel = {
  type: 'teams',
  url: 'https://prod-1.logic.azure.com/workflows/abcdef0123456789/triggers/manual?api-version=2016-06-01&sig=Zm9v%2Bbar_baz0123',
};
const PAGER: Channel = { type: 'pagerduty', routingKey: '0123456789abcdef0123456789abcdef' };
const HOOK: Channel = {
  type: 'webhook',
  url: 'https://example.com/in/sesame-open-123?token=tok-123456789',
  secret: 'a "quoted" secret/with+signs',
};

describe('A channel’s secrets are taken out', () => {
  test.each([
    ['the address', SLACK, SLACK.url],
    ['its path', SLACK, 'Cannot POST /services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'],
    ['its path without a slash', SLACK, 'services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'],
    ['a part of its path', SLACK, 'no team T00000000, or token XXXXXXXXXXXXXXXXXXXXXXXX'],
    ['the address encoded', SLACK, encodeURIComponent(SLACK.url)],
    ['a value of its query', TEAMS, 'bad sig Zm9v%2Bbar_baz0123'],
    ['the same decoded', TEAMS, 'bad sig Zm9v+bar_baz0123'],
    ['a routing key', PAGER, 'invalid routing key 0123456789abcdef0123456789abcdef'],
    ['a signing secret', HOOK, 'key a "quoted" secret/with+signs'],
    ['the same in JSON', HOOK, JSON.stringify({ key: 'a "quoted" secret/with+signs' })],
    ['the same encoded', HOOK, encodeURIComponent('a "quoted" secret/with+signs')],
    ['a token of the query', HOOK, 'token tok-123456789 has expired'],
  ])('%s', (_, channel, text) => {
    const redacted = redactorOf(channel)(text);
    expect(redacted).toContain('[secret]');
    for (const secret of [
      'XXXXXXXX',
      'T00000000',
      'Zm9v',
      '0123456789abcdef0',
      'quoted',
      'sesame-open',
      'tok-123456789',
    ])
      expect(redacted).not.toContain(secret);
  });

  test('and nothing else is: the host and common words stay', () => {
    const text = 'no answer from hooks.slack.com: services are down, invalid_payload';
    expect(redactorOf(SLACK)(text)).toBe(text);
    expect(redactorOf({ type: 'chatbot' })(text)).toBe(text);
  });

  test('whatever surrounds them', () => {
    const channels = [SLACK, TEAMS, PAGER, HOOK];
    fc.assert(
      fc.property(fc.constantFrom(...channels), fc.string(), fc.string(), (channel, a, b) => {
        for (const secret of [
          'url' in channel ? channel.url : '',
          'secret' in channel ? channel.secret : '',
          'routingKey' in channel ? channel.routingKey : '',
        ].filter(Boolean)) {
          expect(redactorOf(channel)(`${a}${secret}${b}`)).not.toContain(secret);
        }
      }),
    );
  });
});

describe('A receiver that repeats what it was sent', () => {
  const receivers = (answer: () => Promise<never> | { status: number; body: string }) => ({
    post: { post: async () => answer() },
    topics: { publish: () => Promise.reject(new Error(`${HOOK.type} sesame-open-123`)) },
    findings: { put: () => Promise.reject(new Error('no')) },
    chatTopic: 'arn',
  });
  const outgoing = { via: 'http', url: HOOK.url, headers: {}, body: '' } as const;

  test('is quoted without the secrets', async () => {
    const answer = { status: 400, body: `bad request to ${HOOK.url}` };
    const sent = await send(
      outgoing,
      HOOK,
      receivers(() => answer),
      0,
    );
    expect(sent).toEqual({ outcome: 'never', reason: 'it answered 400: bad request to [secret]' });
  });

  test('so is an error of the connection', async () => {
    const failing = () => Promise.reject(new Error(`fetch failed: ${HOOK.url}`));
    const sent = await send(outgoing, HOOK, receivers(failing), 0);
    expect(sent).toMatchObject({ outcome: 'again', reason: 'no answer: fetch failed: [secret]' });
  });

  test('so is one of a topic', async () => {
    const message = { via: 'sns', topic: 'chat', message: '' } as const;
    const sent = await send(
      message,
      HOOK,
      receivers(() => Promise.reject(new Error())),
      0,
    );
    expect(sent).toEqual({ outcome: 'again', reason: 'webhook [secret]' });
  });

  test('leaves no trace of them in log, book, letters or notices', async () => {
    const world = new World();
    world.channel('ops', JSON.stringify(HOOK));
    const echo = `${HOOK.url} ${JSON.stringify(HOOK)} ${encodeURIComponent(HOOK.url)}`;
    for (const receiver of [
      () => ({ status: 500, body: echo }),
      () => Promise.reject(new Error(echo)),
      () => ({ status: 400, body: echo }),
    ]) {
      world.receivers.set(HOOK.url, receiver);
      world.send(JSON.stringify(anAlert({ to: ['ops'], id: String(receiver) })));
      await world.pump();
      await world.pass(60_000);
    }
    expect(world.letters.letters.length).toBeGreaterThan(0);
    expect(world.said()).toContain('[secret]');
    for (const secret of ['sesame-open', 'quoted', 'tok-123456789']) {
      expect(world.said()).not.toContain(secret);
    }
  });
});
