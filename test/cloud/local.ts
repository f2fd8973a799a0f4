/**
 * `npm run local`: the whole service on this machine. Deploys the stack into the emulator, sends
 * generated traffic through it as it would come from a VPC, and prints alerts as they are published.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import picocolors from 'picocolors';
import { renderTerminal } from '../../src/alerts/terminal.ts';
import { generateDay } from '../../src/generator/day.ts';
import { INCIDENT_KINDS } from '../../src/generator/incidents.ts';
import { renderLine } from '../../src/generator/render.ts';
import { DEFAULT_LAYOUT } from '../../src/records/layout.ts';
import { Cloud } from './cloud.ts';

const GROUP = '/vpc/flow-logs';
const STAGE = 'local';
/** From one kind of incident to the next, seconds. */
const BETWEEN_INCIDENTS = 60;

const say = (text: string) => process.stderr.write(`${text}\n`);
const stopped = new AbortController();
const pause = (ms: number) =>
  sleep(ms, undefined, { signal: stopped.signal }).catch(() => undefined);

/** Records of a small VPC second by second, an incident of each kind in turn, for ever. */
function* traffic(start: number): Generator<{ second: number; stream: string; text: string }> {
  for (let day = 0; ; day++) {
    const incidents = Array.from({ length: 86_400 / BETWEEN_INCIDENTS }, (_, index) => ({
      kind: INCIDENT_KINDS[index % INCIDENT_KINDS.length] ?? 'port-scan',
      at: index * BETWEEN_INCIDENTS,
      minutes: 1,
    }));
    const records = generateDay({ seed: day, start: start + day * 86_400, incidents });
    for (const record of records) {
      const stream = `${record['interface-id']}-all`;
      yield { second: Number(record.start), stream, text: renderLine(record, DEFAULT_LAYOUT) };
    }
  }
}

/** Sends what has begun by now, every second. */
async function send(cloud: Cloud): Promise<void> {
  const records = traffic(Math.floor(Date.now() / 60_000) * 60);
  let next = records.next().value;
  while (!stopped.signal.aborted) {
    const batch: Record<string, string[]> = {};
    while (next !== undefined && next.second <= Date.now() / 1_000) {
      batch[next.stream] ??= [];
      batch[next.stream]?.push(next.text);
      next = records.next().value;
    }
    for (const [stream, lines] of Object.entries(batch)) {
      await cloud.putLogEvents(GROUP, stream, lines);
    }
    await pause(1_000);
  }
}

async function ticks(cloud: Cloud): Promise<void> {
  while (!stopped.signal.aborted) {
    await cloud.tick();
    await pause(60_000);
  }
}

async function print(cloud: Cloud): Promise<void> {
  const colours = picocolors.createColors(picocolors.isColorSupported && process.stdout.isTTY);
  while (!stopped.signal.aborted) {
    for (const alert of await cloud.messages()) {
      process.stdout.write(`${renderTerminal(alert, colours)}\n`);
    }
    for (const { Message } of await cloud.notices()) say(Message);
    await pause(1_000);
  }
}

async function main(): Promise<void> {
  say('Starting the AWS emulator ...');
  const cloud = await Cloud.start();
  let stop = () => Promise.resolve();
  try {
    await cloud.createFlowLog(GROUP);
    if (stopped.signal.aborted) return;
    say('Deploying ...');
    await cloud.deploy({ stage: STAGE, params: { logGroups: GROUP } });
    await cloud.drain();
    if (stopped.signal.aborted) return;
    tellHow(cloud);
    stop = cloud.run((error) => {
      if (!stopped.signal.aborted) say(String(error));
    });
    await Promise.all([send(cloud), ticks(cloud), print(cloud)]);
  } catch (error) {
    // Ctrl-C reaches the emulator and the framework as well, so that calls on their way may fail.
    if (!stopped.signal.aborted) throw error;
  } finally {
    say('Stopping ...');
    await stop();
    await cloud.close();
  }
}

function tellHow(cloud: Cloud): void {
  const { FLOWLOG_ALERTS_STAGE: _, ...settings } = cloud.env;
  const exports = Object.entries(settings).map(([name, value]) => `export ${name}=${value}`);
  say(
    [
      'The service runs; alerts follow. In another terminal, for flowlog-alerts or the AWS CLI:',
      ...exports.map((text) => `  ${text}`),
      `  npx flowlog-alerts test-alert --stage ${STAGE}`,
      'Ctrl-C ends it.',
    ].join('\n'),
  );
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort());
await main();
