import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findPython } from './python.ts';

const run = promisify(execFile);

const ROOT = join(import.meta.dirname, '../..');
const VENV = join(ROOT, '.venv');
const PYTHON = join(VENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
/** Written last, so that an interrupted install is done again. */
const STAMP = join(VENV, 'requirements.sha256');

/** The Python of `.venv`, with the emulator installed; makes it when absent or out of date. */
export async function preparedPython(): Promise<string> {
  const wanted = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  if (await installed(wanted)) return PYTHON;
  await withLock(async () => {
    if (!(await installed(wanted))) await install(wanted);
  });
  return PYTHON;
}

async function installed(wanted: string): Promise<boolean> {
  const stamp = await readFile(STAMP, 'utf8').catch(() => '');
  if (stamp !== wanted) return false;
  // A Python that was upgraded or removed leaves a folder whose links lead nowhere.
  return run(PYTHON, ['-c', 'import moto.server']).then(
    () => true,
    () => false,
  );
}

async function install(wanted: string): Promise<void> {
  const python = await findPython();
  say(`Installing the AWS emulator (moto) into ${VENV}, once; this takes about a minute.`);
  await step('making the virtual environment', python, ['-m', 'venv', '--clear', VENV], {
    hint: 'On Debian and Ubuntu: apt install python3-venv.',
  });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await step('downloading its packages', PYTHON, [...pip, '--requirement', REQUIREMENTS], {
    hint: 'It needs to reach PyPI, or the index that PIP_INDEX_URL names.',
  });
  await writeFile(STAMP, wanted);
  say('The emulator is installed.');
}

async function step(
  what: string,
  command: string,
  args: readonly string[],
  { hint }: { readonly hint: string },
): Promise<void> {
  try {
    await run(command, args, { maxBuffer: 1 << 26, cwd: ROOT });
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    const tail = (stderr || message).trim().split('\n').slice(-8).join('\n');
    throw new Error(`Installing the AWS emulator failed while ${what}:\n${tail}\n${hint}`);
  }
}

/** Two test runs in one clone must not install at once. */
async function withLock(work: () => Promise<void>): Promise<void> {
  const name = createHash('sha256').update(VENV).digest('hex').slice(0, 16);
  const lock = join(tmpdir(), `flowlog-alerts-venv-${name}`);
  let told = false;
  while (!(await taken(lock))) {
    if (!told) say('Another test run is installing the AWS emulator; waiting for it.');
    told = true;
    await sleep(500);
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const pid = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (pid > 0 && !alive(pid)) await rm(lock, { force: true });
  return false;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
