import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, keepTail } from '../child-server.ts';
import { fetchedJars, fetchJars, hasMaven } from './fetch-jars.ts';
import { findJava } from './java.ts';

export interface DynamoDbLocal {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** What it takes to start one. */
export interface Startable {
  start(): Promise<DynamoDbLocal>;
}

const MAIN = 'software.amazon.dynamodb.services.local.main.ServerRunner';
const START_LIMIT_MS = 60_000;

/** What starts DynamoDB Local here, or what is missing for it. */
export async function dynamoDbLocal(): Promise<Startable | { readonly missing: string }> {
  const java = await findJava();
  if ('missing' in java) return java;
  const jars = await fetchedJars();
  if (jars === undefined && !(await hasMaven())) {
    return { missing: 'DynamoDB Local is fetched with Maven, and there is no mvn on PATH' };
  }
  return { start: async () => start(java.command, jars ?? (await fetchJars())) };
}

/** @throws Error with its last words when it does not come up */
async function start(java: string, jars: string): Promise<DynamoDbLocal> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [
      ...[join(import.meta.dirname, 'serve.mjs'), java],
      // It runs for a minute at most: a small heap and no time spent on optimizing.
      ...['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
      ...['-cp', join(jars, '*'), MAIN],
      ...['-inMemory', '-disableTelemetry', '-port', String(port)],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const lastWords = keepTail(child);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.stdin.end();
    await gone;
  };
  try {
    await answering(endpoint, child);
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}\n${lastWords()}`);
  }
  return { endpoint, stop };
}

async function answering(endpoint: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + START_LIMIT_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null) {
      throw new Error(`DynamoDB Local ended with code ${child.exitCode} while starting`);
    }
    // It answers a request without an operation with 400, which is an answer.
    const answered = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(100);
  }
  throw new Error(`DynamoDB Local did not answer at ${endpoint} in ${START_LIMIT_MS / 1000} s`);
}
