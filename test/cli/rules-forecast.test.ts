import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { record } from '../replay/inputs/sources.ts';
import { cli } from './cli.ts';
import { SSH_RULE, type Workspace, workspace } from './workspace.ts';

let w: Workspace;

beforeAll(() => {
  w = workspace();
  w.write('old/ssh.yaml', SSH_RULE);
  w.write('new/ssh.yaml', SSH_RULE.replace('dstport: 22', 'dstport: [22, 3389]'));
  w.write('new/web.yaml', 'match: { dstport: 443 }\nmode: shadow\n');
  w.write('bad/ssh.yaml', 'match: { dstprt: 22 }\n');
  const lines = [record(0), record(60, 3389), record(7_200, 443), record(86_340, 443)];
  w.write('day.log', `${lines.join('\n')}\n`);
});
afterAll(() => w.remove());

const forecast = (...args: string[]) => cli(['rules', 'forecast', ...args]);

describe('rules forecast', () => {
  test('says what each rule would send a day, and what its digests cost', async () => {
    const { code, out } = await forecast(w.path('new'), '--over', w.path('day.log'));
    expect(code).toBe(0);
    expect(out).toMatch(/^rule +a day +folded\n/);
    expect(out).toMatch(/\nssh +1\.0 +-\n/);
    expect(out).toMatch(/\nweb \(shadow\) +\d\.0 +-\n/);
    expect(out).toContain('Alerts a day, from 4 records over 1 day.');
    expect(out).toMatch(/Digests: 1 of \d+ B, 1 write units, \$0\.00 a month, if records come 100/);
  });

  test('sets two folders side by side, with groups gained and lost', async () => {
    const args = [w.path('new'), '--over', w.path('day.log'), '--against', w.path('old')];
    const { out } = await forecast(...args);
    expect(out).toMatch(/rule +before +after +folded +groups gained and lost/);
    expect(out).toMatch(/\nssh +0 +1\.0 +- +\+1 .*10\.0\.0\.5/);
    expect(out).toMatch(/\nweb \(shadow\) +none +\d\.0 /);
    expect(out).toMatch(/Digests before: 0 of 0 B[\s\S]*Digests after: 1 of/);
    const json = (await forecast(...args, '--json')).out.trim().split('\n');
    expect(json.map((line) => JSON.parse(line))).toMatchObject([
      { kind: 'rule', rule: expect.any(String) },
      { kind: 'rule', rule: expect.any(String) },
      { kind: 'summary', records: 4, digests: { before: { digests: 0 }, after: { digests: 1 } } },
    ]);
  });

  test('of less than a day says that it is a guess', async () => {
    w.write('hour.log', `${record(0, 22)}\n${record(3_540)}\n`);
    const { out } = await forecast(w.path('old'), '--over', w.path('hour.log'));
    expect(out).toMatch(/\nssh +24 /);
    expect(out).toContain('less than a day: a day is taken to go on like it');
  });

  test('goes by rules and logs that can be used', async () => {
    const bad = await forecast(w.path('bad'), '--over', w.path('day.log'));
    expect([bad.code, bad.err]).toEqual([2, expect.stringContaining('dstprt')]);
    const missing = await forecast(w.path('old'), '--over', w.path('no.log'));
    expect([missing.code, missing.out]).toEqual([1, '']);
    w.write('prose.txt', 'no flow\n');
    const prose = await forecast(w.path('old'), '--over', w.path('prose.txt'));
    expect([prose.code, prose.err]).toEqual([1, expect.stringContaining('no flow record')]);
    const twice = await forecast(w.path('old'), '--over', '-', '--against', w.path('new'));
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining('can be read once')]);
    const since = await forecast('--since', 'soon');
    expect([since.code, since.err]).toEqual([2, expect.stringContaining('a duration like 7d')]);
  });
});
