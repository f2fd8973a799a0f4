import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { payload, record } from '../replay/inputs/sources.ts';
import { cli } from './cli.ts';
import { SSH_RULE, type Workspace, workspace } from './workspace.ts';

let w: Workspace;
let rules: string[];

beforeAll(() => {
  w = workspace();
  w.write('rules/ssh.yaml', SSH_RULE);
  w.write('rules/by-vpc.yaml', 'match: { dstport: 22 }\nby: [vpc-id]\n');
  w.write('rules/telnet.yaml', 'match: { dstport: 23, action: ACCEPT }\n');
  w.write('rules/scanned.yaml', 'match: { dstport: 22 }\n');
  w.write(
    'rules/filters/known.yaml',
    'rules: [scanned]\nmatch: { srcaddr: 198.51.100.7 }\nreason: our scanner\n',
  );
  rules = ['--rules', w.path('rules')];
});

afterAll(() => w.remove());

const verdicts = (out: string) =>
  Object.fromEntries(
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const { rule, verdict } = JSON.parse(line);
        return [rule, verdict];
      }),
  );

describe('explain', () => {
  test('tells each rule apart: met, filtered, without a group, not met and why', async () => {
    const { code, out } = await cli(['explain', record(0, 22), ...rules]);
    expect(code).toBe(0);
    expect(out).toMatch(/^met +ssh +SSH from the internet$/m);
    expect(out).toMatch(/^filtered +scanned +hidden by the filter known$/m);
    expect(out).toMatch(/^no group +by-vpc +the record has no vpc-id to group by$/m);
    expect(out).toMatch(/^not met +telnet +match\.dstport: found 22, wanted 23$/m);
    expect(out).toContain('The record meets 1 of 4 rules.');
  });

  test('a near miss names the clause that failed', async () => {
    const { out } = await cli(['explain', record(0, 2222), ...rules]);
    expect(out).toMatch(/^not met +ssh +match\.dstport: found 2222, wanted 22$/m);
  });

  test('with --json each rule is a line', async () => {
    const { out } = await cli(['explain', record(0, 22), '--json', ...rules]);
    expect(verdicts(out)).toEqual({
      ssh: 'met',
      scanned: 'filtered',
      'by-vpc': 'no group',
      telnet: 'not met',
    });
  });

  test('takes a map of fields, derived ones as in samples of alerts left out', async () => {
    const sample = {
      srcaddr: '198.51.100.7',
      dstaddr: '10.0.0.5',
      dstport: 22,
      protocol: 'tcp',
      action: 'ACCEPT',
      traffic: 'outbound',
    };
    const { out } = await cli(['explain', JSON.stringify(sample), '--json', ...rules]);
    expect(verdicts(out).ssh).toBe('met');
  });

  test('takes standard input, a header line and payloads included', async () => {
    const headed =
      'srcaddr dstaddr dstport action start\n198.51.100.7 10.0.0.5 22 ACCEPT 1767225600\n';
    for (const stdin of [
      headed,
      payload([record(0, 22)]),
      JSON.stringify({ dstport: 22, action: 'ACCEPT', srcaddr: '8.8.8.8', dstaddr: '10.0.0.1' }),
    ]) {
      const { out } = await cli(['explain', '-', '--json', ...rules], { stdin });
      expect(verdicts(out).ssh).toBe('met');
    }
  });

  test('takes --format for a line of its own kind', async () => {
    const args = ['explain', '22 8.8.8.8 10.0.0.5 ACCEPT 1767225600', '--json', ...rules];
    const { out } = await cli([...args, '--format', 'dstport srcaddr dstaddr action start']);
    expect(verdicts(out).ssh).toBe('met');
    expect((await cli(args)).code).toBe(1);
  });

  test.each([
    ['too few fields', '2 123456789012 eni-1', /malformed \(too-few-fields\)/],
    [
      'NODATA',
      '2 123456789010 eni-1235b8ca - - - - - - - 1431280876 1431280934 - NODATA',
      /NODATA/,
    ],
    ['nothing', ' ', /no record/],
    ['a value with blanks', '{"srcaddr": "a b"}', /srcaddr cannot be "a b"/],
  ])('fails for %s and says why', async (_name, text, message) => {
    const { code, out, err } = await cli(['explain', text, ...rules]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(message);
  });
});
