import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cli } from './cli.ts';
import { type Workspace, workspace } from './workspace.ts';

let w: Workspace;

beforeAll(() => {
  w = workspace();
  w.write('rules/ssh.yaml', 'title: SSH\nmatch: { dstport: 22, action: REJECT }\nby: [srcaddr]\n');
  w.write('rules/web.yaml', 'title: Web\nmatch: { dstport: 443 }\n');
  w.write(
    'rules/scan.yaml',
    'title: Scan\nmatch: { action: REJECT }\ndetect: { distinct: { fields: [dstport], above: 25 } }\nby: [srcaddr]\nwindow: 5m\n',
  );
  w.write('rules/pulse.yaml', 'title: Pulse\ndetect: { beacon: {} }\nby: [srcaddr]\nwindow: 1h\n');
  w.write('rules/filters/probe.yaml', 'rules: ssh\nmatch: { srcaddr: 192.0.2.1 }\nreason: ours\n');
});

afterAll(() => w.remove());

const query = (...more: string[]) => cli(['rules', 'query', ...more, '--rules', w.path('rules')]);

describe('rules query', () => {
  test('prints a Logs Insights query of the rule and the filters that concern it', async () => {
    const { code, out } = await query('ssh', '--insights');
    expect(code).toBe(0);
    expect(out).toContain('# ssh: SSH\nfields @timestamp, @message\n| parse @message');
    expect(out).toContain('srcaddr = "192.0.2.1"');
    expect((await query('web', '--insights')).out).not.toContain('192.0.2.1');
  });

  test('prints a pattern, and the command that makes a metric of it', async () => {
    const { code, out, err } = await query('ssh', '--metric-filter', '--log-group', "it's");
    expect(code).toBe(0);
    expect(out).toMatch(/^\[version, .*dstport=22.*action="REJECT"/);
    expect(out).toContain("aws logs put-metric-filter \\\n  --log-group-name 'it'\\''s'");
    expect(err).toContain('An alarm on the sum of Ssh above 0');
  });

  test('prints SQL over the table and partitions that are named', async () => {
    const { code, out, err } = await query(
      'scan',
      '--athena',
      '--table',
      'net.flows',
      '--where',
      'day = 1',
    );
    expect(code).toBe(0);
    expect(out).toContain('FROM net.flows\n  WHERE (day = 1)');
    expect(err).toBe('In the rows k1 is srcaddr.\n');
    expect((await query('scan', '--athena')).err).toContain('reads the whole table');
  });

  test('prints the same as one object', async () => {
    const { out } = await query('ssh', '--metric-filter', '--json');
    expect(JSON.parse(out)).toMatchObject({
      rule: 'ssh',
      language: 'metric-filter',
      metricName: 'Ssh',
      alarm: { above: 0, period: 300 },
    });
  });

  test('says why a language cannot say a rule, and fails', async () => {
    const { code, out, err } = await query('pulse', '--athena');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^The rule pulse cannot be a query of Athena: .*\.\n$/);
    expect((await query('scan', '--metric-filter')).err).toContain('distinct cannot be told');
  });

  test('takes one language, a rule that exists and a format that is one', async () => {
    expect(await query('ssh')).toMatchObject({ code: 2, err: expect.stringMatching(/Choose one/) });
    const both = await query('ssh', '--insights', '--athena');
    expect(both).toMatchObject({ code: 2, err: expect.stringMatching(/Choose one/) });
    const none = await query('shh', '--insights');
    expect(none).toMatchObject({ code: 2, err: expect.stringMatching(/did you mean ssh\?/) });
    const format = await query('ssh', '--insights', '--format', 'a b a');
    expect(format).toMatchObject({ code: 2, err: expect.stringMatching(/^--format: .*twice/) });
  });
});
