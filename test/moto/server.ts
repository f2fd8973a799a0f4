import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, keepTail } from '../child-server.ts';
import { preparedPython } from './venv.ts';

export interface Moto {
  /** `http://127.0.0.1:PORT`, for AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  stop(): Promise<void>;
  /** Forgets every resource of every service and account. */
  reset(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/**
 * Starts one emulator on a free port of this machine and waits until it answers. Installs it
 * first where needed, and says so on stderr.
 * @throws Error with the emulator's last words when it does not come up
 */
export async function startMoto(): Promise<Moto> {
  const python = await preparedPython();
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn(
    python,
    [join(import.meta.dirname, 'serve.py'), '-H', '127.0.0.1', '-p', String(port)],
    { stdio: ['pipe', 'ignore', 'pipe'], env: environment() },
  );
  const lastWords = keepTail(child);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill();
    await gone;
  };
  try {
    await answering(endpoint, child);
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}\n${lastWords()}`);
  }
  return {
    endpoint,
    stop,
    async reset() {
      const response = await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
      if (!response.ok) throw new Error(`The AWS emulator answered ${response.status} to a reset`);
    },
  };
}

async function answering(endpoint: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + START_LIMIT_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null) {
      throw new Error(`The AWS emulator ended with code ${child.exitCode} while starting`);
    }
    const ok = await fetch(`${endpoint}/moto-api/data.json`).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await sleep(100);
  }
  throw new Error(`The AWS emulator did not answer at ${endpoint} in ${START_LIMIT_MS / 1000} s`);
}

/** Credentials that open nothing, should the emulator ever call out. */
function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    PYTHONWARNINGS: 'ignore',
  };
}
