import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { globSync } from 'tinyglobby';
import { blocksMarked, type MarkedBlock, ROOT, textOf } from './pages.ts';

/** A checkout to run the README in: the project by links, so that what a command writes is thrown away. */
let folder = '';
let path = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowlog-readme-'));
  const bin = join(folder, '.path');
  mkdirSync(bin);
  for (const name of ['bin', 'src', 'rules', 'examples', 'node_modules', 'package.json']) {
    symlinkSync(join(ROOT, name), join(folder, name));
  }
  // npx would look for updates of itself; what it starts in a checkout is this.
  const npx = join(bin, 'npx');
  writeFileSync(
    npx,
    `#!/bin/sh\n[ "$1" = flowlog-alerts ] || exit 64\nshift\nexec '${process.execPath}' bin/flowlog-alerts.mjs "$@"\n`,
  );
  chmodSync(npx, 0o755);
  path = `${bin}${delimiter}${process.env.PATH}`;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function shell(text: string): string {
  return execFileSync('bash', ['-euo', 'pipefail', '-c', text], {
    cwd: folder,
    env: { ...process.env, PATH: path, NO_COLOR: '1' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Each runnable block with the outputs shown after it, before the next. */
function steps(): { readonly command: string; readonly shown: string[] }[] {
  const found: { command: string; shown: string[] }[] = [];
  for (const { mark, text } of blocksMarked('README.md', 'runnable', 'output')) {
    if (mark === 'runnable') found.push({ command: text, shown: [] });
    else found.at(-1)?.shown.push(text);
  }
  return found;
}

describe('the README', () => {
  test('its commands work as they are written, one after the other, and print what it shows', () => {
    const outputs = steps().map(({ command, shown }) => ({ command, shown, out: shell(command) }));
    const all = outputs.map(({ command }) => command).join('\n');
    for (const verb of ['replay', 'explain', 'rules check', 'rules test']) {
      expect(all).toContain(`npx flowlog-alerts ${verb} `);
    }
    for (const { out, shown } of outputs) for (const text of shown) expect(out).toContain(text);
    expect(outputs.flatMap(({ shown }) => shown)).toHaveLength(2);
  }, 60_000);

  test('its own rule alerts on the example day, and the example day without it does not', () => {
    const [file] = steps().filter(({ command }) => command.includes('<<'));
    shell(file?.command ?? 'false');
    const replay = 'npx flowlog-alerts replay examples/small-vpc-day.log.gz --json';
    const own = shell(`${replay} --rules my-rules`).trim().split('\n');
    const alerts = own.map((line) => JSON.parse(line));
    const firing = alerts.filter(({ status }) => status === 'firing');
    expect(firing.map(({ rule, group }) => [rule.id, group.dstaddr])).toEqual([
      ['plain-http', '10.0.0.10'],
      ['plain-http', '10.0.0.11'],
    ]);
    expect(shell(replay)).not.toContain('plain-http');
  }, 60_000);

  test('a command that fails is noticed', () => {
    expect(() => shell('npx flowlog-alerts rules check no-such-folder')).toThrow();
    expect(() => shell('npx something-else')).toThrow();
  });

  test('npm start and npm test exist and start with what npm ci installs', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(textOf('README.md')).toContain('npm ci && npm start');
    expect(textOf('README.md')).toContain('npm ci && npm test');
    expect(shell(scripts.start)).toContain(exampleAlert().text);
    expect(scripts.test).toContain('jest');
  }, 60_000);

  test('deploys as docs/deploy.md says', () => {
    const command = /npx serverless deploy(?:[^\n]*\\\n)*[^\n]*/;
    const words = (page: string) =>
      textOf(page)
        .match(command)?.[0]
        .split(/[\s\\]+/);
    expect(words('README.md')?.length).toBeGreaterThan(8);
    expect(words('README.md')).toEqual(words('docs/deploy.md'));
  });

  test('names every built-in rule, and no other', () => {
    const section = textOf('README.md').split('## What it detects')[1]?.split('\n## ')[0] ?? '';
    const named = [...section.matchAll(/`([a-z-]+)`/g)].map(([, id]) => id).sort();
    const rules = globSync('*.yaml', { cwd: join(ROOT, 'rules') })
      .map((file) => file.slice(0, -'.yaml'.length))
      .sort();
    expect(named).toEqual(rules);
    expect(section).toContain(`${rules.length === 40 ? 'Forty' : rules.length} rules`);
  });

  test('its costs are those of docs/cost.md', () => {
    const totals = new Set(
      cells('docs/cost.md', 'months').map((row) => row.at(-1)?.replaceAll('*', '')),
    );
    const shown = cells('README.md', 'summary');
    expect(shown.map(([perDay]) => perDay)).toEqual(['1,000,000', '10,000,000', '100,000,000']);
    for (const [, , ...sums] of shown) for (const sum of sums) expect([...totals]).toContain(sum);
  });
});

function exampleAlert(): MarkedBlock {
  const [first] = blocksMarked('README.md', 'output');
  if (!first) throw new Error('the README shows no alert');
  return first;
}

/** Rows of the table between a page's cost markers, without its head. */
function cells(page: string, name: string): string[][] {
  const table = textOf(page).split(`<!-- cost: ${name} -->`)[1]?.split('<!-- /cost')[0] ?? '';
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
