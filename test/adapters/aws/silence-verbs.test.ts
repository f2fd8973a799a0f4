import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { deliveryLine, sentLine, untoldLine } from '../../alerts/history/lines.ts';
import { cli } from '../../cli/cli.ts';

// The first command loads the clients.
jest.setTimeout(60_000);

const ssm = new SSMClient(clientConfig());
const logs = new CloudWatchLogsClient(clientConfig());
let stage: string;

beforeEach(() => {
  stage = `s${randomUUID().slice(0, 8)}`;
});
afterAll(() => {
  ssm.destroy();
  logs.destroy();
});

const run = (...args: string[]) => cli([...args, '--stage', stage]);
const put = (id: string, text: string) =>
  ssm.send(
    new PutParameterCommand({
      Name: `/flowlog-alerts/${stage}/silences/${id}`,
      Value: text,
      Type: 'String',
    }),
  );
async function stored(): Promise<Record<string, string>> {
  const page = await ssm.send(
    new GetParametersByPathCommand({ Path: `/flowlog-alerts/${stage}/silences` }),
  );
  return Object.fromEntries(
    (page.Parameters ?? []).map(({ Name = '', Value = '' }) => [Name.split('/').at(-1), Value]),
  );
}

/** Writes lines into a function's log, a minute apart, the last one now. */
async function logged(name: string, lines: readonly string[]): Promise<void> {
  const logGroupName = `/aws/lambda/flowlog-alerts-${stage}-${name}`;
  const logStreamName = 'one';
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const now = Date.now();
  const logEvents = lines.map((message, i) => ({
    message,
    timestamp: now - (lines.length - i) * 60_000,
  }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
}

describe('silence add', () => {
  test('writes a silence that the stage reads, and says what it would have held back', async () => {
    await logged('reduce', [
      'START RequestId: 1',
      sentLine(),
      sentLine({ seq: 1, status: 'updated' }),
      sentLine({ seq: 2, status: 'resolved' }),
      sentLine({ id: 'B', group: { srcaddr: '192.0.2.1' } }),
    ]);
    const match = ['--match', 'rule=port-probing', '--match', 'srcaddr=198.51.100.0/24'];
    const { code, out, err } = await run(
      'silence',
      'add',
      ...match,
      '--for',
      '2h',
      '--id',
      'works',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^Silence works holds rule=port-probing, srcaddr=198\.51\.100\.0\/24 back until \S+ \(2 hours\)\.\n/,
    );
    expect(out).toContain('it would have held back 2 of 3 notifications: port-probing 2.');
    expect((await stored()).works).toContain('rule: port-probing');
  });

  test('says so where the log has nothing', async () => {
    const { code, out } = await run('silence', 'add', '--match', 'rule=*', '--for', '1h');
    expect(code).toBe(0);
    expect(out).toContain('nothing was sent that it could have held back');
    expect(Object.keys(await stored())[0]).toMatch(/^silence-\d{8}-\d{4}$/);
  });

  test.each([
    [['--match', 'rules=x', '--for', '2h'], 'did you mean rule?'],
    [['--match', 'srcaddr=10.0.0.1/8', '--for', '2h'], 'has host bits set'],
    [['--match', 'rule=x', '--for', '2h', '--id', 'No'], 'No is no id'],
    [['--match', 'rule=x', '--for', '2h', '--reason', 'a {{ b'], 'Parameter Store refuses'],
    [['--match', 'rule=x', '--for', 'soon'], 'a duration like'],
    [['--match', 'rule=x', '--until', '2020-01-01'], 'is past'],
    [['--match', 'rule=x'], 'Give --for or --until'],
  ])('%j is refused, and nothing is written', async (args, message) => {
    const { code, err } = await run('silence', 'add', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(await stored()).toEqual({});
  });

  test('leaves another of the same id alone, unless it is told to replace it', async () => {
    const add = (...more: string[]) =>
      run('silence', 'add', '--match', 'rule=x', '--id', 'works', ...more);
    await add('--for', '1h', '--reason', 'first');
    const second = await add('--for', '1h', '--reason', 'second');
    expect([second.code, second.err]).toEqual([1, expect.stringContaining('already')]);
    expect((await stored()).works).toContain('first');
    expect((await add('--for', '1h', '--reason', 'third', '--replace')).code).toBe(0);
    expect((await stored()).works).toContain('third');
  });

  test('with --json says the same as one object', async () => {
    await logged('reduce', [sentLine()]);
    const { out } = await run('silence', 'add', '--match', 'rule=*', '--for', '1h', '--json');
    expect(JSON.parse(out)).toMatchObject({
      match: { rule: ['*'] },
      lastDay: { notifications: 1, of: 1, rules: { 'port-probing': 1 } },
    });
  });
});

describe('silence list and rm', () => {
  const past = 'match: { rule: old }\nuntil: 2020-01-01';
  const weekly =
    'match: { rule: x, srcaddr: 10.0.0.5 }\nduring: { zone: Europe/Zurich }\nreason: nightly';

  test('show each with its state, and the alerts it has held back', async () => {
    await put('old', past);
    await put('weekly', weekly);
    await put('later', 'match: { rule: y }\nfrom: 2090-01-01\nuntil: 2091-01-01');
    await put('bad', 'match: { rlue: y }');
    await logged('reduce', [
      untoldLine('silenced', { silence: 'weekly', id: 'A', slot: 1 }),
      untoldLine('silenced', { silence: 'weekly', id: 'A', slot: 2 }),
      untoldLine('silenced', { silence: 'weekly', id: 'B' }),
    ]);
    const { code, out, err } = await run('silence', 'list');
    expect(code).toBe(0);
    const rows = out.split('\n').map((row) => row.split(/ {2,}/));
    expect(rows[1]).toEqual([
      'weekly',
      'active',
      'daily 00:00-24:00 Europe/Zurich',
      'rule=x, srcaddr=10.0.0.5',
      '2',
      'nightly',
    ]);
    expect(rows.slice(2, 4).map(([id, state]) => [id, state])).toEqual([
      ['later', 'upcoming'],
      ['old', 'ended'],
    ]);
    expect(err).toContain('/silences/bad:1 bad match.rlue: an alert has no field "rlue"');
    const json = (await run('silence', 'list', '--json')).out.trim().split('\n');
    expect(json.map((line) => JSON.parse(line)).map(({ id, held }) => [id, held])).toEqual([
      ['weekly', 2],
      ['later', 0],
      ['old', 0],
    ]);
  });

  test('say so where there are none', async () => {
    const { code, out, err } = await run('silence', 'list');
    expect([code, out, err]).toEqual([0, '', `Stage ${stage} has no silences.\n`]);
  });

  test('delete one, and not what is not there', async () => {
    await put('old', past);
    await put('weekly', weekly);
    const slip = await run('silence', 'rm', 'weekyl');
    expect([slip.code, slip.err]).toEqual([1, expect.stringContaining('did you mean weekly?')]);
    expect(Object.keys(await stored()).sort()).toEqual(['old', 'weekly']);
    expect((await run('silence', 'rm', 'weekly')).code).toBe(0);
    expect(Object.keys(await stored())).toEqual(['old']);
  });
});

describe('alerts', () => {
  test('shows what was sent with its channels, what was not and why, and counts', async () => {
    await logged('reduce', [
      sentLine(),
      untoldLine('cooldown', { slot: 1 }),
      untoldLine('cooldown', { slot: 2 }),
      untoldLine('silenced', { slot: 3, id: 'B', silence: 'works', rule: 'other' }),
      sentLine(),
      sentLine({ seq: 1, status: 'resolved' }),
    ]);
    await logged('deliver', [
      deliveryLine('slack', 'delivered'),
      deliveryLine('pager', 'parked', 'gone'),
    ]);
    const { code, out, err } = await run('alerts');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const rows = out.split('\n').map((row) => row.replace(/^\S+ \S+ +/, '').split(/ {2,}/));
    expect(rows.slice(1, 5).map(([what, severity, rule]) => [what, severity, rule])).toEqual([
      ['sent', 'high', 'port-probing'],
      ['cooldown x2', 'high', 'port-probing'],
      ['silenced', 'high', 'other'],
      ['resolved', 'high', 'port-probing'],
    ]);
    expect(out).toContain('[slack delivered; pager parked: gone]');
    expect(out).toContain('[silence works]');
    expect(out).toMatch(
      /\n2 {2}cooldown {2}the group was told of within the cooldown\n2 {2}sent\n1 {2}silenced/,
    );
  });

  test('shows one rule, one reason or one stretch of time alone', async () => {
    await logged('reduce', [
      sentLine(),
      untoldLine('cooldown'),
      untoldLine('storm', { rule: 'other' }),
    ]);
    const shown = async (...args: string[]) =>
      (await run('alerts', '--json', ...args)).out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).outcome);
    expect(await shown()).toEqual(['notified', 'cooldown', 'storm']);
    expect(await shown('--rule', 'other')).toEqual(['storm']);
    expect(await shown('--reason', 'cooldown')).toEqual(['cooldown']);
    expect(await shown('--since', '150s')).toEqual(['cooldown', 'storm']);
    const { code, err } = await run('alerts', '--since', '10s');
    expect([code, err]).toEqual([0, 'Nothing was decided in that time.\n']);
  });

  test('reads every page', async () => {
    const lines = Array.from({ length: 12_000 }, (_, i) => untoldLine('open', { slot: i }));
    const logGroupName = `/aws/lambda/flowlog-alerts-${stage}-reduce`;
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'one' }));
    const timestamp = Date.now() - 60_000;
    for (let at = 0; at < lines.length; at += 2_000) {
      const logEvents = lines.slice(at, at + 2_000).map((message) => ({ message, timestamp }));
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: 'one', logEvents }));
    }
    const { out } = await run('alerts');
    expect(out).toContain('open x12,000');
    expect(out).toContain('12,000  open');
  });

  test('of a stage that has never run are none', async () => {
    expect(await run('alerts')).toMatchObject({ code: 0, out: '' });
  });
});
