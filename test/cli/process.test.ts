import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { record } from '../replay/inputs/sources.ts';
import { SSH_RULE, type Workspace, workspace } from './workspace.ts';

const BIN = fileURLToPath(new URL('../../bin/flowlog-alerts.mjs', import.meta.url));
const CHECK = fileURLToPath(new URL('../../bin/check-node.mjs', import.meta.url));
/** Makes this Node believe that it is an old one. */
const OLD = [
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}})',
];

let w: Workspace;
let rules: string[];

beforeAll(() => {
  w = workspace();
  w.write(
    'rules/ssh.yaml',
    SSH_RULE.replace('by: [dstaddr]', 'by: [dstaddr, dstport, start]').replace(
      /tests:[\s\S]*/,
      'storm: 10000\n',
    ),
  );
  rules = ['--rules', w.path('rules'), '--json'];
});

afterAll(() => w.remove());

function start(args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [...args]);
  child.stdin.on('error', () => {});
  return child;
}

async function ended(child: ChildProcessWithoutNullStreams) {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  child.stderr.on('data', (piece: Buffer) => err.push(piece));
  const [code] = await once(child, 'close');
  return { code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

describe.each([
  ['this Node', []],
  ['an older Node, by the pinned one', OLD],
])('the command under %s', (_name, flags) => {
  test('passes streams and exit code through', async () => {
    const child = start([...flags, BIN, 'replay', '-', ...rules, '--fail-on', 'high']);
    child.stdin.end(`${record(0, 22)}\n`);
    const { code, out, err } = await ended(child);
    expect(JSON.parse(out)).toMatchObject({ rule: { id: 'ssh' } });
    expect(err).toContain('Read 1 source, 1 record');
    expect(code).toBe(3);
  });

  test('an interruption ends it with 130 and a summary of what was read', async () => {
    const child = start([...flags, BIN, 'replay', '-', ...rules]);
    child.stdin.write(`${record(0, 22)}\n`);
    child.stdout.once('data', () => child.kill('SIGINT'));
    const { code, err } = await ended(child);
    expect(code).toBe(130);
    expect(err).toContain('Interrupted');
    expect(err).toContain('1 record');
    expect(err).not.toContain('Not read');
  });
});

test('a reader that stops reading ends it without a word', async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => record(i, 22));
  const log = w.write('many.log', lines.join('\n'));
  const child = start([BIN, 'replay', log, ...rules]);
  child.stdout.once('data', () => child.stdout.destroy());
  const { code, err } = await ended(child);
  expect([code, err]).toEqual([0, '']);
}, 60_000);

test('a thread that fails ends it with a message, without alerts and without a rest', async () => {
  const lines = Array.from({ length: 15_000 }, (_, i) => record(i, 22));
  const log = w.write('much.log', lines.join('\n'));
  const failing =
    'data:text/javascript,import { isMainThread } from "node:worker_threads";' +
    'if (!isMainThread) throw new Error("struck by lightning");';
  const child = start(['--import', failing, BIN, 'replay', log, ...rules, '--threads', '2']);
  const { code, out, err } = await ended(child);
  expect([code, out]).toEqual([1, '']);
  expect(err).toBe('A thread failed: struck by lightning. --threads 1 does without.\n');
}, 60_000);

test('an older Node without the pinned one says what to do', async () => {
  const alone = w.path('flowlog-alerts.mjs');
  copyFileSync(BIN, alone);
  const { code, out, err } = await ended(start([...OLD, alone, '--help']));
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/needs Node 22\.18 or newer; this is Node 20\.1\.0[\s\S]*npm ci/);
});

test('check-node lets Node 24 pass and stops another one', async () => {
  const [good, old] = await Promise.all([ended(start([CHECK])), ended(start([...OLD, CHECK]))]);
  expect(good).toEqual({ code: 0, out: '', err: '' });
  expect(old.code).toBe(1);
  expect(old.err).toContain('The tests need Node 24');
});
