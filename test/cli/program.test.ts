import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';
import { cli } from './cli.ts';

const VERBS = [
  ['replay'],
  ['explain'],
  ['rules', 'check'],
  ['rules', 'test'],
  ['rules', 'schema'],
  ['rules', 'query'],
  ['rules', 'backtest'],
  ['rules', 'push'],
  ['rules', 'pull'],
  ['rules', 'diff'],
  ['rules', 'forecast'],
  ['channels', 'list'],
  ['channels', 'set'],
  ['channels', 'test'],
  ['channels', 'rm'],
  ['silence', 'add'],
  ['silence', 'list'],
  ['silence', 'rm'],
  ['alerts'],
  ['test-alert'],
  ['rebuild'],
  ['subscribe'],
  ['doctor'],
  ['uninstall'],
];

describe('help', () => {
  test.each(VERBS)('of %s %s has an example and the global options', async (...verb) => {
    const { code, out } = await cli([...verb.filter(Boolean), '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(
      new RegExp(`Examples?:\\n +\\$ .*flowlog-alerts ${verb.filter(Boolean).join(' ')}`),
    );
    for (const option of ['--stage', '--region', '--profile', '--json'])
      expect(out).toContain(option);
  });

  test('names every verb', async () => {
    const { code, out } = await cli(['--help']);
    expect(code).toBe(0);
    for (const verb of ['replay', 'explain', 'rules', 'test-alert']) expect(out).toContain(verb);
  });

  test('is what docs/cli.md says: each verb and option there, and none more', async () => {
    const docs = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
    const documented = new Set(docs.match(/(?<=^\| `)--[a-z-]+/gm));
    const program = buildProgram({} as never as Parameters<typeof buildProgram>[0]);
    const known = new Set(optionsOf(program));
    known.add('--help');
    expect(documented).toEqual(known);
    for (const verb of VERBS) expect(docs).toContain(`| \`${verb.join(' ')}`);
  });
});

describe('usage errors', () => {
  test.each([
    [['replya'], /unknown command 'replya'[\s\S]*Did you mean replay\?/],
    [['rules', 'chekc', '.'], /Did you mean check\?/],
    [
      ['replay', 'a.log', '--fial-on', 'high'],
      /unknown option '--fial-on'[\s\S]*Did you mean --fail-on\?/,
    ],
    [['explain'], /missing required argument 'record'/],
    [[], /Usage: flowlog-alerts/],
    [['rules'], /Usage: flowlog-alerts rules/],
  ])('%j exits with 2 and says what is meant', async (args, message) => {
    const { code, out, err } = await cli(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  test('a verb of a later version is not there', async () => {
    expect((await cli(['audit'])).err).toContain("unknown command 'audit'");
  });
});

function optionsOf(command: Command): string[] {
  const own = command.options.map(({ long }) => long ?? '');
  return [...own, ...command.commands.flatMap(optionsOf)];
}
