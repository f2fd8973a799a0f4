import { describe, expect, test } from '@jest/globals';
import { cli } from './cli.ts';

const HOOK = 'https://hooks.slack.com/services/T00000000/B00000000/sesame-open-123';

describe('channels set takes', () => {
  test.each([
    ['nothing', ''],
    ['an unknown type', `{ type: slak, url: "${HOOK}" }`],
    ['an unknown key', `{ type: slack, url: "${HOOK}", channel: "#ops" }`],
    ['plain http', `{ type: slack, url: "${HOOK.replace('https', 'http')}" }`],
    ['what Parameter Store refuses', `{ type: slack, url: "${HOOK}{{x}}" }`],
    ['no YAML', `{ type: slack, url: "${HOOK}"`],
    ['a list', `[${HOOK}]`],
    ['more than a parameter holds', `{ type: slack, url: "${HOOK}" } # ${'x'.repeat(4_096)}`],
  ])('%s for no channel, and repeats no part of it', async (_, stdin) => {
    const { code, out, err } = await cli(['channels', 'set', 'ops'], { stdin });
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^(error: standard input:\d+|What standard input holds)/);
    expect(err).not.toContain('sesame');
    expect(err).not.toContain('T00000000');
  });

  test('no secret as an argument', async () => {
    const { code, err } = await cli(['channels', 'set', 'ops', HOOK]);
    expect(code).toBe(2);
    expect(err).toContain('too many arguments');
  });

  test.each(['Ops', '-ops', 'a/b', 'x'.repeat(64)])('no name %j', async (name) => {
    const { code, err } = await cli(['channels', 'set', '--', name], {
      stdin: '{ type: chatbot }',
    });
    expect(code).toBe(2);
    expect(err).toContain('up to 63 of a-z');
  });
});
