import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Template } from './stack/template.ts';

/** The checkout the harness is part of. */
export const ROOT = join(import.meta.dirname, '../..');

/** What the framework reads of the checkout. */
const SOURCES = [
  'config',
  'handlers',
  'package.json',
  'resources',
  'rules',
  'serverless.yml',
  'src',
  'tsconfig.json',
];

export interface DeployOptions {
  readonly stage: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

type Environment = Readonly<Record<string, string>>;

/**
 * Runs `serverless deploy`, `remove` or `package` on a copy of the checkout: the framework's work
 * folders are one for all who use it in the same place.
 * @returns what it printed
 * @throws Error with what it printed when it fails
 */
export function serverless(verb: string, options: DeployOptions, env: Environment) {
  return inCopy((directory) => run(verb, options, env, directory));
}

/** The template that a deploy would send, made by the framework without any AWS account. */
export function packagedTemplate(options: DeployOptions): Promise<Template> {
  return inCopy(async (directory) => {
    await run('package', options, { AWS_REGION: 'us-east-1' }, directory);
    const file = join(directory, '.serverless/cloudformation-template-update-stack.json');
    return JSON.parse(await readFile(file, 'utf8')) as Template;
  });
}

async function inCopy<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'flowlog-alerts-copy-'));
  try {
    for (const name of SOURCES) {
      await cp(join(ROOT, name), join(directory, name), { recursive: true });
    }
    await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function run(
  verb: string,
  { stage, params = {} }: DeployOptions,
  env: Environment,
  cwd: string,
): Promise<string> {
  const script = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const given = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  const args = [verb, '--stage', stage, ...given];
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...withoutAws(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`serverless ${args.join(' ')} failed:\n${output}`);
  return output;
}

/** The environment without a person's own AWS settings: nothing may reach a real account. */
function withoutAws(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS|SLS|NODE_OPTIONS)/.test(name),
  );
  return Object.fromEntries(kept);
}
