import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import {
  DeleteParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { cli } from '../../cli/cli.ts';
import { SSH_RULE, type Workspace, workspace } from '../../cli/workspace.ts';

// Each write waits for its turn, 0.4 seconds after the one before.
jest.setTimeout(60_000);

const client = new SSMClient(clientConfig());
let stage: string;
let here: Workspace;

beforeEach(() => {
  stage = `s${randomUUID().slice(0, 8)}`;
  here = workspace();
});
afterEach(() => here.remove());
afterAll(() => client.destroy());

const run = (verb: string, ...more: string[]) =>
  cli(['rules', verb, here.dir, '--stage', stage, ...more]);
const put = (path: string, text: string, secure = false) =>
  client.send(
    new PutParameterCommand({
      Name: `/flowlog-alerts/${stage}/${path}`,
      Value: text,
      Type: secure ? 'SecureString' : 'String',
      Overwrite: true,
    }),
  );
async function stored(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetParametersByPathCommand({
        Path: `/flowlog-alerts/${stage}`,
        Recursive: true,
        NextToken,
      }),
    );
    for (const { Name = '', Value = '' } of page.Parameters ?? []) {
      found[Name.split('/').slice(3).join('/')] = Value;
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

describe('A folder', () => {
  test('is pushed, and pushed again writes nothing; channels stay as they are', async () => {
    here.write('ssh.yaml', SSH_RULE);
    here.write('lists/partners.yaml', 'values: [198.51.100.0/24]\n');
    here.write('settings.yaml', 'settle: 1m\n');
    here.write('channels/slack.yaml', 'never: pushed\n');
    await put('channels/slack', 'secret', true);
    const first = await run('push');
    expect(first.code).toBe(0);
    expect(first.out).toContain('create      rules/ssh');
    expect(first.out).toMatch(/3 create\.\n3 written, 0 deleted\.\n$/);
    expect(Object.keys(await stored()).sort()).toEqual([
      'channels/slack',
      'lists/partners',
      'rules/ssh',
      'settings',
    ]);
    const second = await run('push', '--prune');
    expect(second).toMatchObject({ code: 0, out: '3 unchanged.\n0 written, 0 deleted.\n' });
    expect(await stored()).toHaveProperty('channels/slack');
  });

  test('and a stage differ as a patch says, and as JSON', async () => {
    here.write('ssh.yaml', SSH_RULE);
    await run('push');
    here.write('ssh.yaml', SSH_RULE.replace('severity: high', 'severity: critical'));
    await put('rules/there', 'match: { dstport: 25 }');
    const { code, out } = await run('diff');
    expect(code).toBe(0);
    expect(out).toMatch(/change +rules\/ssh .*ssh\.yaml\n/);
    expect(out).toContain('    -severity: high\n    +severity: critical\n');
    expect(out).toContain('only there  rules/there\n');
    expect(out).toMatch(/1 change, 1 only there\.\n$/);
    expect((await run('diff', '--exit-code')).code).toBe(1);
    const json = (await run('diff', '--json')).out.trim().split('\n');
    expect(json.map((line) => JSON.parse(line))).toMatchObject([
      {
        kind: 'document',
        path: 'rules/ssh',
        action: 'change',
        version: 1,
        diff: expect.stringContaining('@@'),
      },
      { kind: 'document', path: 'rules/there', action: 'only there' },
    ]);
  });

  test('that is the same as its stage has no difference', async () => {
    here.write('ssh.yaml', SSH_RULE);
    await run('push');
    expect(await run('diff', '--exit-code')).toMatchObject({ code: 0, out: '1 unchanged.\n' });
  });

  test('with errors is not pushed, and each of them is told with its file', async () => {
    here.write('ssh.yaml', SSH_RULE);
    here.write('a.yaml', 'match: { dstprt: 22 }\n');
    here.write('b.yaml', 'match: { dstport: $nowhere }\n');
    const { code, err } = await run('push');
    expect(code).toBe(2);
    expect(err).toMatch(/error: .*a\.yaml:1 a match\.dstprt/);
    expect(err).toMatch(/error: .*b\.yaml:1 b/);
    expect(err).toContain('The tree would have 2 errors; nothing was written.');
    expect(await stored()).toEqual({});
    expect((await run('diff')).code).toBe(2);
  });

  test('shows how far it has come, on a terminal alone', async () => {
    here.write('ssh.yaml', SSH_RULE);
    const args = ['rules', 'push', here.dir, '--stage', stage];
    const { code, err } = await cli(args, { tty: true });
    expect([code, err]).toEqual([0, expect.stringContaining('0 of 1 parameters')]);
    here.write('ssh.yaml', SSH_RULE.replace('high', 'low'));
    expect((await run('push')).err).toBe('');
  });

  test('is shown and not pushed with --dry-run', async () => {
    here.write('ssh.yaml', SSH_RULE);
    expect((await run('push', '--dry-run')).out).toMatch(/create +rules\/ssh[\s\S]*1 create\.\n$/);
    expect(await stored()).toEqual({});
  });

  test('without a document prunes nothing unless forced, nor does a file or nothing', async () => {
    await put('rules/there', 'match: { dstport: 25 }');
    const { code, err } = await run('push', '--prune');
    expect([code, err]).toEqual([2, expect.stringContaining('would delete the whole tree')]);
    const file = here.write('one.yaml', SSH_RULE);
    const pushed = await cli(['rules', 'push', file, '--stage', stage]);
    expect([pushed.code, pushed.err]).toEqual([2, expect.stringContaining('is a file')]);
    const nowhere = await cli(['rules', 'push', `${here.dir}/no`, '--stage', stage]);
    expect([nowhere.code, nowhere.err]).toEqual([2, expect.stringContaining('there is no such')]);
    rmSync(file);
    expect((await run('push', '--prune', '--force')).code).toBe(0);
    expect(await stored()).toEqual({});
  });

  test('has its long lists in parts there, and whole again when pulled', async () => {
    const text = `# ours\nvalues:\n${Array.from({ length: 700 }, (_, i) => `  - 10.${i >> 8}.${i & 255}.0/24\n`).join('')}`;
    const file = here.write('lists/long.yaml', text);
    expect((await run('push')).code).toBe(0);
    expect(Object.keys(await stored()).sort()).toEqual([1, 2, 3, 4].map((i) => `lists/long/${i}`));
    rmSync(file);
    expect((await run('pull')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

describe('A change in the console', () => {
  beforeEach(async () => {
    here.write('ssh.yaml', SSH_RULE);
    await run('push');
    await put('rules/ssh', SSH_RULE.replace('high', 'low'));
  });

  test('is not overwritten by a push, which says who made it and what to do', async () => {
    here.write('ssh.yaml', SSH_RULE.replace('high', 'critical'));
    const { code, out, err } = await run('push');
    expect(code).toBe(1);
    expect(out).toMatch(/conflict +rules\/ssh/);
    expect(out).toMatch(/changed in Parameter Store since: version 2 by \S+, 20\d\d-/);
    expect(err).toContain('Nothing was written.');
    expect(err).toContain('--force overwrites it');
    expect((await stored())['rules/ssh']).toContain('low');
    expect((await run('push', '--force')).code).toBe(0);
    expect((await stored())['rules/ssh']).toContain('critical');
  });

  test('comes with a pull, unless the file was changed too', async () => {
    expect(await run('pull')).toMatchObject({ code: 0 });
    expect(readFileSync(here.path('ssh.yaml'), 'utf8')).toContain('low');
    expect((await run('push')).out).toContain('1 unchanged');
    here.write('ssh.yaml', SSH_RULE.replace('high', 'critical'));
    await put('rules/ssh', SSH_RULE.replace('high', 'medium'));
    const refused = await run('pull');
    expect([refused.code, refused.err]).toEqual([1, '1 not pulled: rules/ssh.\n']);
    expect(readFileSync(here.path('ssh.yaml'), 'utf8')).toContain('critical');
    expect((await run('pull', '--force')).code).toBe(0);
    expect(readFileSync(here.path('ssh.yaml'), 'utf8')).toContain('medium');
  });

  test('is of no account for a folder that had another stage before', async () => {
    const base = here.path(`.flowlog-alerts/${stage}.json`);
    const other = readFileSync(base, 'utf8').replace(':123456789012:', ':999999999999:');
    here.write(`.flowlog-alerts/${stage}.json`, other);
    const { code, err } = await run('diff');
    expect([code, err]).toEqual([0, expect.stringContaining('999999999999')]);
  });
});

describe('A pull', () => {
  test('makes the folder, JSON as JSON, without channels', async () => {
    await put('rules/team/ssh', SSH_RULE);
    await put('rules/json', '{"match": {"dstport": 25}}');
    await put('channels/slack', 'secret', true);
    const dir = here.path('new');
    const { code, out } = await cli(['rules', 'pull', dir, '--stage', stage]);
    expect([code, out]).toEqual([0, expect.stringMatching(/2 create\.\n$/)]);
    expect(readFileSync(`${dir}/team/ssh.yaml`, 'utf8')).toBe(SSH_RULE);
    expect(readFileSync(`${dir}/json.json`, 'utf8')).toContain('dstport');
    expect(readFileSync(`${dir}/.flowlog-alerts/${stage}.json`, 'utf8')).not.toContain('slack');
  });

  test('writes no file for what is not a tree of rules, and says so', async () => {
    await put('else/a', 'x');
    await put('rules/ok', SSH_RULE);
    await put('rules/secret', 'x', true);
    const { code, err } = await run('pull');
    expect([code, err]).toEqual([1, '2 not pulled: else/a, rules/secret.\n']);
    expect(readFileSync(here.path('ok.yaml'), 'utf8')).toBe(SSH_RULE);
  });

  test('deletes with --prune the file of a rule that was deleted there', async () => {
    here.write('ssh.yaml', SSH_RULE);
    await run('push');
    await client.send(new DeleteParameterCommand({ Name: `/flowlog-alerts/${stage}/rules/ssh` }));
    expect((await run('pull', '--prune')).out).toMatch(/delete +rules\/ssh/);
    expect(() => readFileSync(here.path('ssh.yaml'))).toThrow('ENOENT');
  });
});

test('An interrupted push says how much is left, and the next one goes on', async () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    here.write(`${name}.yaml`, `match: { dstport: ${name.charCodeAt(0)} }\n`);
  }
  const interrupt = new AbortController();
  setTimeout(() => interrupt.abort(), 1_000);
  const args = ['rules', 'push', here.dir, '--stage', stage];
  const { code, err } = await cli(args, { interrupt: interrupt.signal });
  expect(code).toBe(130);
  expect(err).toMatch(/Interrupted, with \d to go: run it again to go on\./);
  expect((await run('push')).code).toBe(0);
  expect(Object.keys(await stored())).toHaveLength(4);
});

test('A rule with an alarm says what becomes of it, and a changed match that memory starts afresh', async () => {
  const rule = (port: number, above: number) =>
    `match: { dstport: ${port} }\ndetect: { count: { above: 5 } }\nwindow: 5m\nalarm: { above: ${above} }\n`;
  here.write('a.yaml', rule(22, 0));
  expect((await run('push')).out).toContain(`+ alarm flowlog-alerts/${stage}/rule/a`);
  here.write('a.yaml', rule(23, 3));
  const { out } = await run('diff');
  expect(out).toMatch(new RegExp(`~ alarm flowlog-alerts/${stage}/rule/a: .*Threshold 0 -> 3`));
  expect(out).toContain('memory      a starts afresh');
});

test('Without a region it says what to do', async () => {
  const region = process.env.AWS_REGION;
  const fallback = process.env.AWS_DEFAULT_REGION;
  delete process.env.AWS_REGION;
  delete process.env.AWS_DEFAULT_REGION;
  try {
    const { code, err } = await run('pull');
    expect([code, err]).toEqual([1, expect.stringContaining('give --region or set AWS_REGION')]);
  } finally {
    Object.assign(process.env, { AWS_REGION: region, AWS_DEFAULT_REGION: fallback });
  }
});
