import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { secretsOf } from '../../../src/deliver/channel.ts';
import { readChannel } from '../../../src/deliver/channels/read-channel.ts';
import { formatProblem } from '../../../src/rules/problem.ts';
import { CHANNELS } from './contexts.ts';

const problems = (text: string): string[] => readChannel(text, 'stdin').problems.map(formatProblem);

describe('the document of a channel', () => {
  test.each(Object.values(CHANNELS))('reads $type, from JSON and from YAML', (channel) => {
    const yaml = Object.entries(channel).map(([key, value]) => `${key}: "${value}"`);
    for (const text of [JSON.stringify(channel), yaml.join('\n')]) {
      expect(readChannel(text, 'stdin')).toEqual({ channel, problems: [] });
    }
  });

  test('a topic is the other way into a lake', () => {
    const text = '{ type: ocsf, topic: "arn:aws:sns:eu-west-1:123456789012:lake" }';
    expect(readChannel(text, 'stdin').channel).toMatchObject({ type: 'ocsf' });
    const both =
      '{ type: ocsf, url: "https://a.example", topic: "arn:aws:sns:eu-west-1:123456789012:lake" }';
    expect(problems(both)).toEqual(['stdin:1: wanted: either url or topic']);
    expect(problems('type: ocsf')).toEqual(['stdin:1: wanted: either url or topic']);
    expect(
      problems('{ type: ocsf, topic: "arn:aws:sns:eu-west-1:123456789012:lake.fifo" }'),
    ).toEqual(['stdin:1 topic: is not right; wanted: the ARN of a standard SNS topic']);
  });

  test.each([
    ['http://hooks.example.com/x', false],
    ['https://hooks.example.com/x', true],
    ['http://127.0.0.1:8080/x', true],
    ['http://127.1.2.3/x', true],
    ['http://localhost/x', true],
    ['http://[::1]:80/x', true],
    ['http://localhost.example.com/x', false],
    ['http://127.0.0.1.example.com/x', false],
    ['http://0.0.0.0/x', false],
    ['https://user:password@hooks.example.com/x', false],
    ['https://hooks.example.com/x#part', false],
    ['ftp://hooks.example.com/x', false],
    ['hooks.example.com/x', false],
  ])('takes %s: %s', (url, taken) => {
    expect(readChannel(JSON.stringify({ type: 'slack', url }), 'stdin').problems).toHaveLength(
      taken ? 0 : 1,
    );
  });

  test('says what is wrong, where, and what was meant', () => {
    expect(problems('type: slak\nurl: https://a.example/x')).toEqual([
      'stdin:1 type: is none that is known; wanted: one of slack, teams, pagerduty, webhook, chatbot, securityhub, ocsf (did you mean slack?)',
    ]);
    expect(problems('type: slack\nuri: https://a.example/x')).toEqual([
      'stdin:1 url: is missing; wanted: a URL with https:// (http:// to this machine alone), without user name, password or fragment',
      'stdin:1: an unknown key; allowed: type, url (did you mean url?)',
    ]);
    expect(problems('type: pagerduty\nroutingKey: 12345678901234567890123456789012')).toEqual([
      'stdin:2 routingKey: is not right; wanted: an integration key of 32 letters and digits (Events API v2) (put it in quotes: it reads as a number)',
    ]);
    expect(problems('type: webhook\nurl: https://a.example\nsecret: short')).toEqual([
      'stdin:3 secret: is not right; wanted: a text of 16 to 256 characters',
    ]);
    expect(problems('')).toEqual(['stdin:1: the document is empty (write it, or delete it)']);
    expect(problems('https://hooks.slack.com/services/T/B/X')).toEqual([
      'stdin:1: not a channel; wanted: a block with type (e.g. { type: chatbot })',
    ]);
  });

  test('what Parameter Store refuses is refused here', () => {
    expect(problems('type: slack\nurl: https://a.example/{{x}}')[0]).toContain('found {{');
    expect(problems(`type: slack\nurl: https://a.example/${'x'.repeat(9_000)}`)[0]).toContain(
      '8192',
    );
  });

  test('no problem repeats any part of the document', () => {
    const secret = 'XSECRETX';
    const shapes = [
      (s: string) => s,
      (s: string) => `type: slack\nurl: http://${s}`,
      (s: string) => `type: ${s}`,
      (s: string) => `type: slack\n${s}: 1`,
      (s: string) => `type: webhook\nurl: https://a.example\nsecret: [${s}]`,
      (s: string) => `type: [${s}`,
      (s: string) => `*${s}`,
      (s: string) => `!${s} x`,
      (s: string) => `type: "${s}\\q"`,
      (s: string) => `{{${s}}}`,
      (s: string) => `type: slack\nurl: *${s}`,
      (s: string) => `type: slack\n---\n${s}`,
      (s: string) => `%YAML ${s}\n---\ntype: slack`,
      (s: string) => `type: slack\nurl: {${s}: {${s}: 1}}`,
    ];
    fc.assert(
      fc.property(fc.constantFrom(...shapes), fc.string({ maxLength: 5 }), (shape, salt) => {
        const { channel, problems: found } = readChannel(shape(`${secret}${salt}`), 'stdin');
        expect(channel).toBe(undefined);
        expect(found.length).toBeGreaterThan(0);
        expect(JSON.stringify(found)).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
  });

  test('its secrets are the address, the path in it, keys and passwords', () => {
    expect(secretsOf(CHANNELS.slack)).toEqual([CHANNELS.slack.url, '/services/T000/B000/XXXX']);
    expect(secretsOf(CHANNELS.teams)).toContain('/workflows/1?sig=abc');
    expect(secretsOf(CHANNELS.webhook)).toContain(CHANNELS.webhook.secret);
    expect(secretsOf(CHANNELS.pagerduty)).toEqual([CHANNELS.pagerduty.routingKey]);
    expect(secretsOf({ type: 'ocsf', url: 'https://lake.example.com' })).toEqual([
      'https://lake.example.com',
    ]);
    expect(secretsOf(CHANNELS.chatbot)).toEqual([]);
  });
});
