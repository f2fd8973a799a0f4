import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cli } from './cli.ts';
import { SSH_RULE, type Workspace, workspace } from './workspace.ts';

let w: Workspace;

beforeAll(() => {
  w = workspace();
  w.write('good/ssh.yaml', SSH_RULE);
  w.write(
    'good/rejects.yaml',
    `match: { action: REJECT }
detect: { count: { above: 20 } }
by: [srcaddr]
window: 17m
`,
  );
  w.write('bad/ssh.yaml', SSH_RULE.replace('dstport: 22', 'dtsport: 22'));
  w.write('failing/ssh.yaml', SSH_RULE.replace('expect: []', 'expect: [{ dstaddr: 10.0.0.6 }]'));
  w.write('surprised/ssh.yaml', SSH_RULE.replace('expect: [{ dstaddr: 10.0.0.5 }]', 'expect: []'));
});

afterAll(() => w.remove());

describe('rules check', () => {
  test('counts good rules and exits with 0', async () => {
    const { code, out } = await cli(['rules', 'check', w.path('good')]);
    expect(code).toBe(0);
    expect(out).toContain('2 rules in force; 0 errors, 0 warnings.');
  });

  test('prints the effective window where it is not the one asked for', async () => {
    const { out } = await cli(['rules', 'check', w.path('good')]);
    expect(out).toMatch(/^note: .*rejects\.yaml:1 rejects: .*18m/m);
  });

  test('a sequence that waits for a built-in rule is told how to have it in force', async () => {
    const sequence = `detect: { sequence: [{ rule: port-probing }, { match: { dstport: 22 } }] }
by: [srcaddr]
window: 1h
`;
    w.write('waiting/seq.yaml', sequence);
    const { code, out } = await cli(['rules', 'check', w.path('waiting')]);
    expect(code).toBe(2);
    expect(out).toContain('(name port-probing under builtin in the settings)');
    w.write('settled/seq.yaml', sequence);
    w.write('settled/settings.yaml', 'builtin: [port-probing]');
    expect((await cli(['rules', 'check', w.path('settled')])).out).toBe(
      '2 rules in force; 0 errors, 0 warnings.\n',
    );
  });

  test('prints a problem with its place and what was meant, and exits with 2', async () => {
    const { code, out } = await cli(['rules', 'check', w.path('bad')]);
    expect(code).toBe(2);
    expect(out).toMatch(/^error: .*bad\/ssh\.yaml:\d+ ssh match\.dtsport: .*did you mean dstport/m);
    expect(out).toContain('1 error');
  });

  test('with --json each problem and each rule is a line', async () => {
    const { code, out } = await cli(['rules', 'check', w.path('bad'), '--json']);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(2);
    expect(lines).toContainEqual(
      expect.objectContaining({ kind: 'problem', severity: 'error', rule: 'ssh' }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ kind: 'rule', id: 'ssh', state: 'bad' }),
    );
  });
});

describe('rules test', () => {
  test('prints each test and exits with 0 when all pass', async () => {
    const { code, out, err } = await cli(['rules', 'test', w.path('good')]);
    expect(code).toBe(0);
    expect(out).toBe('ssh\n  pass  a stranger\n  pass  a colleague\n');
    expect(err).toContain('2 tests passed; no test for rejects.');
  });

  test('a group that was not alerted is named, with the clause that kept its flow out', async () => {
    const { code, out, err } = await cli(['rules', 'test', w.path('failing')]);
    expect(code).toBe(1);
    expect(out).toContain('FAIL  a colleague');
    expect(out).toContain('not alerted: { dstaddr: 10.0.0.6 }');
    expect(out).toMatch(/flow 1: match\.srcaddr found 10\.9\.9\.9, wanted /);
    expect(err).toContain('2 tests, 1 failed');
  });

  test('a group that was alerted against expectation is named', async () => {
    const { code, out } = await cli(['rules', 'test', w.path('surprised'), '--json']);
    expect(code).toBe(1);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))[0],
    ).toEqual({
      rule: 'ssh',
      test: 'a stranger',
      passed: false,
      missing: [],
      unexpected: [{ dstaddr: '10.0.0.5' }],
    });
  });

  test('bad rules are shown and exit with 2', async () => {
    const { code, err } = await cli(['rules', 'test', w.path('bad')]);
    expect(code).toBe(2);
    expect(err).toMatch(/error: .*dtsport/);
  });

  test('without a folder it tests the built-in rules, and all of them pass', async () => {
    const { code, out } = await cli(['rules', 'test']);
    expect(out).not.toContain('FAIL');
    expect(code).toBe(0);
  });
});

describe('rules schema', () => {
  test.each(['rule', 'list', 'filter', 'silence', 'settings'])(
    'prints the schema of a %s',
    async (kind) => {
      const { code, out } = await cli(['rules', 'schema', kind]);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toHaveProperty('$schema', expect.stringContaining('draft-07'));
    },
  );

  test('is that of a rule without a kind', async () => {
    expect((await cli(['rules', 'schema'])).out).toBe((await cli(['rules', 'schema', 'rule'])).out);
  });

  test('refuses another kind', async () => {
    expect((await cli(['rules', 'schema', 'channel'])).code).toBe(2);
  });
});
