import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { gzip, payload, record } from '../replay/inputs/sources.ts';
import { cli } from './cli.ts';
import { SSH_RULE, type Workspace, workspace } from './workspace.ts';

let w: Workspace;
let rules: string[];

beforeAll(() => {
  w = workspace();
  w.write('rules/ssh.yaml', SSH_RULE);
  rules = ['--rules', w.path('rules')];
  w.write('quiet.log', `${record(0)}\n${record(60)}\n`);
  w.write('ssh.log', `${record(0)}\n${record(60, 22)}\n`);
  w.write('prose.txt', 'This is a README.\nIt has no flows.\n');
  w.write('empty.log', '');
  w.write('binary.bin', Buffer.from([0, 1, 2, 3]));
  w.write('header.log', 'version srcaddr dstaddr\n');
});

afterAll(() => w.remove());

const alertsOf = (out: string) =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Alert);

describe('replay', () => {
  test('prints alerts to standard output and the summary to standard error', async () => {
    const { code, out, err } = await cli(['replay', w.path('ssh.log'), ...rules]);
    expect(code).toBe(0);
    expect(out).toContain('SSH from the internet');
    expect(out).toContain('10.0.0.5');
    expect(err).toContain('Read 1 source, 2 records');
    expect(err).toContain('2026-01-01 00:00:00 to 00:01:00 UTC');
    expect(err).toMatch(/1 alert: 1 high/);
    expect(err).toMatch(/high +ssh +1 +2026-01-01 00:01 /);
  });

  test('with --json each alert is one line in the form that a deployment sends', async () => {
    const { out } = await cli(['replay', w.path('ssh.log'), '--json', '--stage', 'prod', ...rules]);
    expect(alertsOf(out)).toMatchObject([
      {
        version: 1,
        type: 'alert',
        stage: 'prod',
        status: 'firing',
        rule: { id: 'ssh', severity: 'high' },
        group: { dstaddr: '10.0.0.5' },
        sources: [{ file: w.path('ssh.log'), records: 1 }],
      },
    ]);
  });

  test('with --in-order, records in order give the same alerts, in the order of their time', async () => {
    const day = [`${import.meta.dirname}/../../examples/small-vpc-day.log.gz`, '--json'];
    const [atEnd, passing] = await Promise.all([
      cli(['replay', ...day]),
      cli(['replay', ...day, '--in-order']),
    ]);
    const names = ({ out }: { readonly out: string }) =>
      alertsOf(out).map(({ id, seq, status }) => `${id} ${seq} ${status}`);
    expect(names(passing).sort()).toEqual(names(atEnd).sort());
    expect(names(passing).length).toBeGreaterThan(2);
    const times = alertsOf(passing.out).map(({ detectedAt }) => detectedAt);
    expect(times).toEqual([...times].sort());
  }, 60_000);

  test('without an alert it says so and nothing is on standard output', async () => {
    const { code, out, err } = await cli(['replay', w.path('quiet.log'), ...rules]);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('No alert.');
  });

  test('applies the silences of the folder, by the time of the records, and says how many', async () => {
    w.write('silenced/ssh.yaml', SSH_RULE);
    const silence = 'match: { rule: ssh }\nfrom: 2025-12-31\nuntil: 2026-01-02\n';
    w.write('silenced/silences/works.yaml', silence);
    const log = w.path('ssh.log');
    const { code, out, err } = await cli(['replay', log, '--rules', w.path('silenced')]);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('No alert; 1 held back by silences.');
    w.write('silenced/silences/works.yaml', silence.replace('2025-12-31', '2026-01-01T00:05:00Z'));
    const after = await cli(['replay', log, '--rules', w.path('silenced')]);
    expect(after.err).toMatch(/1 alert: 1 high/);
  });

  test('a payload keeps its log group and account as the source', async () => {
    const stdin = gzip(payload([record(0, 22)]));
    const { out } = await cli(['replay', '-', '--json', ...rules], { stdin });
    expect(alertsOf(out)[0].sources).toEqual([
      { account: '210987654321', logGroup: '/vpc/flow-logs', records: 1 },
    ]);
  });

  test('a directory of several kinds is read as one stream', async () => {
    w.write('mixed/a.log', `${record(0, 22)}\n`);
    w.write('mixed/b.gz', gzip(payload([record(60, 22)])));
    w.write('mixed/c.json', JSON.stringify({ events: [{ message: record(120, 22) }] }));
    const { code, err } = await cli(['replay', w.path('mixed'), ...rules]);
    expect(code).toBe(0);
    expect(err).toContain('Read 3 sources, 3 records');
  });

  test('--format names the layout of lines without a header, and a header still wins', async () => {
    const short = ['--format', '${dstport} ${srcaddr} ${dstaddr} ${action} ${start}', ...rules];
    const line = '22 198.51.100.7 10.0.0.5 ACCEPT 1767225600\n';
    expect(
      alertsOf((await cli(['replay', '-', '--json', ...short], { stdin: line })).out),
    ).toHaveLength(1);
    const headed = `srcaddr dstport dstaddr action start\n198.51.100.7 22 10.0.0.5 ACCEPT 1767225600\n`;
    expect(
      alertsOf((await cli(['replay', '-', '--json', ...short], { stdin: headed })).out),
    ).toHaveLength(1);
    const without = await cli(['replay', '-', '--json', ...rules], { stdin: line });
    expect(without.code).toBe(1);
    expect(without.err).toContain('Name its fields with --format');
  });

  test('the formats of the settings hold for a payload of their log group', async () => {
    w.write('formats/ssh.yaml', SSH_RULE);
    w.write(
      'formats/settings.yaml',
      'formats:\n  "/vpc/*": "${dstport} ${srcaddr} ${dstaddr} ${action} ${start}"\n',
    );
    const stdin = payload(['22 198.51.100.7 10.0.0.5 ACCEPT 1767225600']);
    const { out } = await cli(['replay', '-', '--json', '--rules', w.path('formats')], { stdin });
    expect(alertsOf(out)).toHaveLength(1);
  });

  test('--since and --until leave out what began at other times, of every kind of source', async () => {
    const times = ['--since', '2026-01-01T00:01:00Z', '--until', '2026-01-01T00:02:00Z'];
    const lines = [record(59, 22), record(60, 22), record(119, 22), record(120, 22)];
    const log = w.write('times.log', `${lines.join('\n')}\n`);
    for (const [source, stdin] of [
      [log, ''],
      ['-', gzip(payload(lines))],
    ] as const) {
      const { code, err } = await cli(['replay', source, ...times, ...rules], { stdin });
      expect(code).toBe(0);
      expect(err).toContain('2 records');
      expect(err).toContain('2026-01-01 00:01:00 to 00:01:59 UTC');
      expect(err).toContain('2 lines of other times passed over.');
    }
    const before = ['--until', '2026-01-01T00:00:30Z'];
    const none = await cli(['replay', log, ...before, ...rules]);
    expect([none.code, none.out]).toEqual([0, '']);
  });

  describe('exit codes', () => {
    test('3 for an alert at or above --fail-on, 0 for one below', async () => {
      const args = ['replay', w.path('ssh.log'), ...rules, '--fail-on'];
      expect((await cli([...args, 'high'])).code).toBe(3);
      expect((await cli([...args, 'info'])).code).toBe(3);
      expect((await cli([...args, 'critical'])).code).toBe(0);
    });

    test('1 for a source that was read only in part, with the reason', async () => {
      const cut = w.write('cut.gz', gzip(`${record(0)}\n${record(60, 22)}\n`).subarray(0, -9));
      const { code, err, out } = await cli(['replay', cut, '--json', ...rules]);
      expect(code).toBe(1);
      expect(err).toMatch(/cut\.gz: the gzip data is cut short/);
      expect(alertsOf(out).length).toBeLessThanOrEqual(1);
    });

    test.each([
      ['prose', 'prose.txt', /no line of it is a flow record/],
      ['binary data', 'binary.bin', /binary data, not a flow log/],
      ['nothing', 'empty.log', /There was nothing to read/],
    ])('1 for %s, also where another source is good', async (_name, file, message) => {
      const alone = await cli(['replay', w.path(file), ...rules]);
      expect([alone.code, alone.err]).toEqual([1, expect.stringMatching(message)]);
      const both = await cli(['replay', w.path(file), w.path('quiet.log'), ...rules]);
      expect(both.code).toBe(file === 'empty.log' ? 0 : 1);
    });

    test('0 for a file that has a header and no record', async () => {
      expect((await cli(['replay', w.path('header.log'), ...rules])).code).toBe(0);
    });

    test('1 for a missing file, before anything is read', async () => {
      const { code, out, err } = await cli([
        'replay',
        w.path('ssh.log'),
        w.path('none.log'),
        ...rules,
      ]);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/there is no file .*none\.log/);
    });

    test.each([
      [['s3://'], /s3:\/\/ names no bucket; write s3:\/\/BUCKET/],
      [['s3://no_bucket/x'], /names no bucket/],
      [['cwlogs:', '--since', '1h'], /cwlogs: names no log group/],
      [['cwlogs:/vpc/a'], /cwlogs:\/vpc\/a needs a time to begin: --since 1h/],
    ])('1 for %j, which leads to nothing', async (source, message) => {
      const { code, err } = await cli(['replay', ...source, '--region', 'eu-west-1', ...rules]);
      expect([code, err]).toEqual([1, expect.stringMatching(message)]);
    });

    test('2 for a span that ends before it begins, times that are none, a cache of nothing', async () => {
      const times = ['--since', '2026-01-02', '--until', '2026-01-01'];
      const turned = await cli(['replay', w.path('ssh.log'), ...times, ...rules]);
      expect([turned.code, turned.err]).toEqual([2, expect.stringMatching(/must be later/)]);
      const kept = await cli(['replay', w.path('ssh.log'), '--cache', w.path('c'), ...rules]);
      expect([kept.code, kept.err]).toEqual([2, expect.stringMatching(/no SOURCE is one/)]);
      for (const option of ['--since', '--until']) {
        const wrong = await cli(['replay', w.path('ssh.log'), option, 'soon', ...rules]);
        expect(wrong.code).toBe(2);
      }
    });

    test('2 for bad rules, with the place, and nothing is read', async () => {
      w.write('bad/ssh.yaml', SSH_RULE.replace('severity: high', 'severity: hihg'));
      const { code, out, err } = await cli(['replay', w.path('ssh.log'), '--rules', w.path('bad')]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/error: .*ssh\.yaml:3 ssh severity/);
    });

    test('2 for a folder of rules that is not there', async () => {
      const { code, err } = await cli(['replay', w.path('ssh.log'), '--rules', w.path('nowhere')]);
      expect(code).toBe(2);
      expect(err).toContain('nowhere');
    });

    test.each([
      [['replay']],
      [['replay', 'a.log', '--fail-on', 'urgent']],
      [['replay', 'a.log', '--max-groups', '0']],
      [['replay', 'a.log', '--threads', '0']],
      [['replay', 'a.log', '--format', '${src addr}']],
      [['replay', 'a.log', '--stage', 'a/b']],
    ])('2 for %j', async (args) => {
      expect((await cli(args)).code).toBe(2);
    });

    test('130 for an interruption, with a summary of what was read', async () => {
      const interrupt = AbortSignal.abort();
      const { code, err } = await cli(['replay', w.path('ssh.log'), ...rules], { interrupt });
      expect(code).toBe(130);
      expect(err).toContain('Interrupted');
    });
  });

  test('what could not be read is told by reason, with a sample that cannot steer the terminal', async () => {
    const stdin = `${record(0)}\n2 \u001b[31m broken\n${record(60).replace('443', '99999')}\n`;
    const { code, err } = await cli(['replay', '-', ...rules], { stdin });
    expect(code).toBe(0);
    expect(err).toMatch(/2 lines could not be read \(66\.7%\)/);
    expect(err).toMatch(/1 +too-few-fields +2 \?\[31m broken/);
    expect(err).toMatch(/1 +out-of-range /);
    expect(err).not.toContain('\u001b');
  });

  test('the progress bar is on a terminal only', async () => {
    const tty = await cli(['replay', w.path('ssh.log'), ...rules], {
      tty: true,
      env: { NO_COLOR: '1' },
    });
    expect(tty.err).toContain('%');
    const pipe = await cli(['replay', w.path('ssh.log'), ...rules]);
    expect(pipe.err).not.toContain('\r');
  });

  test('colours follow the terminal, NO_COLOR and FORCE_COLOR', async () => {
    const args = ['replay', w.path('ssh.log'), ...rules];
    expect((await cli(args)).out).not.toContain('\u001b[');
    expect((await cli(args, { env: { FORCE_COLOR: '1' } })).out).toContain('\u001b[');
    expect((await cli(args, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).out).not.toContain(
      '\u001b[',
    );
  });

  test('any number of threads gives the same alerts', async () => {
    const args = ['replay', w.path('ssh.log'), '--json', ...rules, '--threads'];
    const [one, nine] = [await cli([...args, '1']), await cli([...args, '9'])];
    expect(alertsOf(one.out)).toHaveLength(1);
    expect(nine.out).toBe(one.out);
  });

  test('a pipe is told of as it comes, files at the end and in order', async () => {
    w.write('later.log', `${record(9_000, 22)}\n`);
    const files = [w.path('later.log'), w.path('ssh.log')];
    const starts = (out: string) => alertsOf(out).map(({ window }) => window.start);
    const sorted = starts((await cli(['replay', ...files, '--json', ...rules])).out);
    expect(sorted).toHaveLength(2);
    expect(sorted).toEqual(sorted.toSorted());
    const stdin = `${record(60, 22)}\n`;
    const piped = await cli(['replay', files[0], '-', '--json', ...rules], { stdin });
    expect(starts(piped.out)).toEqual(sorted.toReversed());
  });

  test('a file named twice is read once', async () => {
    const { err } = await cli(['replay', w.path('ssh.log'), w.path('ssh.log'), ...rules]);
    expect(err).toContain('Read 1 source, 2 records');
  });
});
