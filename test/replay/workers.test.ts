import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DirectorySource } from '../../src/adapters/local/directory.ts';
import type { Alert } from '../../src/alerts/alert.ts';
import { checkTree } from '../../src/config/check.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { generateLines } from '../../src/generator/volume.ts';
import { DEFAULT_LAYOUT } from '../../src/records/layout.ts';
import { begin } from '../../src/replay/begin.ts';
import { ReplayEngine } from '../../src/replay/engine.ts';
import { batchOfRecords } from '../../src/replay/records.ts';
import { type ReplayOutcome, replay } from '../../src/replay/run.ts';
import { MapThreads, ThreadFailedError } from '../../src/replay/threads/map-threads.ts';
import { gzip } from './inputs/sources.ts';

const NAMES = DEFAULT_LAYOUT.fields.map(({ name }) => name);
const HEADER = NAMES.join(' ');
const START = NAMES.indexOf('start');

/** Threads compile all they run; on a busy machine that takes its time. */
jest.setTimeout(60_000);

let folder: string;
let snapshot: Snapshot;
let files: readonly string[];

beforeAll(async () => {
  const rules = fileURLToPath(new URL('../../rules', import.meta.url));
  snapshot = checkTree(await new DirectorySource(rules).read()).snapshot;
  folder = mkdtempSync(join(tmpdir(), 'workers-'));
  const lines = [...generateLines(36_000)];
  const odd = lines.map((line, i) => (i % 1_000 === 7 ? line.slice(0, i % 90) : line));
  const late = lines.slice(0, 500).map((line) => moved(line, -3 * 86_400));
  files = [
    write('a.log.gz', gzip(`${HEADER}\n${odd.slice(0, 15_000).join('\n')}\n`)),
    write('b.log', `${odd.slice(15_000, 28_000).join('\n')}\n${HEADER}\n${late.join('\n')}\n`),
    write('c.log', `${HEADER}\n${odd.slice(28_000).join('\n')}`),
    write('d.txt', 'no flow at all\n'),
    write('e.log.gz', gzip(`${HEADER}\n${lines.slice(0, 12_000).join('\n')}\n`).subarray(0, -99)),
  ];
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function moved(line: string, seconds: number): string {
  const fields = line.split(' ');
  for (const i of [START, START + 1]) fields[i] = String(Number(fields[i]) + seconds);
  return fields.join(' ');
}

interface Replayed {
  readonly alerts: readonly string[];
  readonly outcome: ReplayOutcome;
  readonly totals: unknown;
  /** Batches that the main thread mapped itself. */
  readonly own: number;
}

/** @param other threads to be used instead of those that the number asks for */
async function replayed(
  sources: readonly string[],
  threads: number,
  other?: MapThreads,
): Promise<Replayed> {
  const stop = new AbortController().signal;
  const begun = await begin(sources, { stdin: new PassThrough().end(), stop, threads });
  const used = other ?? begun.threads;
  const engine = new ReplayEngine(snapshot);
  const map = jest.spyOn(engine, 'map');
  const alerts: Alert[] = [];
  try {
    used.begin(engine.mapRules);
    used.start();
    if (threads > 1) await started(used, other ? 0 : 2 * (threads - 1));
    const outcome = await replay(begun.opener, engine, {
      layoutsOf: () => [DEFAULT_LAYOUT],
      threads: used,
      stop,
      onAlerts: async (more) => {
        alerts.push(...more);
      },
    });
    const lines = alerts.map((alert) => JSON.stringify(alert));
    return { alerts: lines, outcome, totals: engine.totals, own: map.mock.calls.length };
  } finally {
    await Promise.all([begun.close(), used.close()]);
  }
}

/** Waits until all threads take batches. */
async function started(threads: MapThreads, room: number): Promise<void> {
  const batch = batchOfRecords(NAMES, [], { kind: 'file', name: 'none' }, '0');
  for (let taken = 0; taken < room; ) {
    const mapped = Array.from({ length: room }, () => threads.map(batch)).filter(Boolean);
    await Promise.all(mapped);
    taken = mapped.length;
    await sleep(5);
  }
}

describe('threads', () => {
  let one: Replayed;

  beforeAll(async () => {
    one = await replayed(files, 1);
  });

  test.each([2, 3])('%d give what one gives, to the byte', async (threads) => {
    const more = await replayed(files, threads);
    expect(more.own).toBeLessThan(one.own);
    expect({ ...more, own: 0 }).toEqual({ ...one, own: 0 });
  });

  test('what they are compared on has alerts, faults, late records and damage', () => {
    expect(one.alerts.length).toBeGreaterThan(10);
    expect(one.totals).toMatchObject({
      reasons: { 'too-few-fields': expect.any(Number), 'cut-off': 1 },
      malformed: 38,
      late: expect.any(Number),
    });
    expect(one.outcome.unread.map(({ why }) => why)).toEqual([
      'no line of it is a flow record',
      'the gzip data is cut short',
    ]);
  });

  test('they get the formats of what they map', async () => {
    const names = [...NAMES].reverse();
    const turned = [...generateLines(12_000)].map((line) => line.split(' ').reverse().join(' '));
    const path = write('turned.log', `${names.join(' ')}\n${turned.join('\n')}\n`);
    const [alone, two] = [await replayed([path], 1), await replayed([path], 2)];
    expect(two.own).toBeLessThan(alone.own);
    expect(two.alerts).toEqual(alone.alerts);
    expect(alone.alerts.length).toBeGreaterThan(0);
    expect(two.totals).toMatchObject({ records: 12_000 });
  });
});

describe('alerts of files', () => {
  test('come by slot and rule, in whatever order the files are', async () => {
    const order = (lines: readonly string[]) =>
      lines
        .map((line) => JSON.parse(line) as Alert)
        .filter(({ type, rule }) => type === 'alert' && rule.id.endsWith('-from-internet'))
        .map(({ window, rule, group }) => [window.end, rule.id, JSON.stringify(group)].join(' '));
    const { alerts } = await replayed([files[2], files[0]], 1);
    expect(order(alerts)).toEqual(order(alerts).toSorted());
  });
});

/** A thread that does this with its first batch. */
function threadThat(act: string): URL {
  return new URL(`data:text/javascript,
    import { parentPort } from 'node:worker_threads';
    parentPort.once('message', () => {
      parentPort.on('message', () => { ${act} });
      parentPort.postMessage('ready');
    });`);
}

describe('a thread that fails', () => {
  test.each([
    ['throws', 'throw new Error("struck by lightning")', 'struck by lightning'],
    ['exits', 'process.exit(7)', 'it ended with code 7'],
  ])('because it %s ends the replay with a message', async (_how, act, why) => {
    const run = replayed([files[1]], 2, new MapThreads(1, threadThat(act)));
    await expect(run).rejects.toThrow(ThreadFailedError);
    await expect(run).rejects.toThrow(why);
  });
});
