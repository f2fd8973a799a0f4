import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DirectorySource } from '../../src/adapters/local/directory.ts';
import type { Alert } from '../../src/alerts/alert.ts';
import { checkTree } from '../../src/config/check.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { subscriptionEvent } from '../../src/generator/subscription.ts';
import type { Batch } from '../../src/map/1-decode/lines.ts';
import { linesOfText } from '../../src/map/1-decode/text.ts';
import { DEFAULT_LAYOUT } from '../../src/records/layout.ts';
import { ReplayEngine } from '../../src/replay/engine.ts';
import { World } from '../faults/world.ts';
import { aFlow, arrivalOf, type Flow, lineOf, NOON } from '../reduce/flows.ts';
import { aCount, aRule, aSnapshot, by } from '../reduce/rules.ts';

const FILE = new URL('../../examples/small-vpc-day.log.gz', import.meta.url);
/** Column of `start` in the default format. */
const START = 10;

let batches = 0;

function batchOf(lines: readonly string[], name = 'day.log'): Batch {
  return {
    lines: linesOfText(Buffer.from(lines.join('\n'))),
    source: { kind: 'file', name },
    layouts: [DEFAULT_LAYOUT],
    identity: String(batches++),
  };
}

function batchOfFlows(flows: readonly Flow[], name?: string): Batch {
  return batchOf(flows.map(lineOf), name);
}

/** What may not differ between two places to run. */
const told = (alerts: readonly Alert[]) =>
  alerts.map(
    ({ rule, group, id, status }) => `${rule.id} ${JSON.stringify(group)} ${id} ${status}`,
  );

function replayed(snapshot: Snapshot, feed: readonly Batch[]): Alert[] {
  const engine = new ReplayEngine(snapshot);
  const alerts = feed.flatMap((batch) => {
    engine.feed(batch);
    return engine.take();
  });
  return [...alerts, ...engine.finish()];
}

describe('the example day under the built-in rules', () => {
  let snapshot: Snapshot;
  let pieces: string[][];

  beforeAll(async () => {
    const directory = fileURLToPath(new URL('../../rules', import.meta.url));
    snapshot = checkTree(await new DirectorySource(directory).read()).snapshot;
    const [, ...lines] = gunzipSync(readFileSync(FILE)).toString().trimEnd().split('\n');
    pieces = Array.from({ length: Math.ceil(lines.length / 50) }, (_, i) =>
      lines.slice(i * 50, i * 50 + 50),
    );
  });

  test('replay tells what the deployed loops tell', async () => {
    const world = new World(snapshot, 0);
    let ticked = 0;
    for (const [i, lines] of pieces.entries()) {
      const latest = Math.max(...lines.map((line) => Number(line.split(' ')[START])));
      world.now = Math.max(world.now, (latest + 90) * 1_000);
      const [owner, logGroup] = ['123456789012', '/vpc/main'];
      await world.deliver(subscriptionEvent({ logGroup, owner, logStream: String(i), lines }));
      if (world.now < ticked + 300_000) continue;
      await world.minute();
      ticked = world.now;
    }
    await world.minute(30);
    const deployed = told(world.topic.published);
    expect(deployed.length).toBeGreaterThan(2);
    expect(
      new Set(
        told(
          replayed(
            snapshot,
            pieces.map((lines) => batchOf(lines)),
          ),
        ),
      ),
    ).toEqual(new Set(deployed));
    expect(new Set(deployed).size).toBe(deployed.length);
    expect((await world.memory())?.outbox).toEqual([]);
  });

  test('replay tells the same in batches of 50 and in one', () => {
    const small = replayed(
      snapshot,
      pieces.map((lines) => batchOf(lines)),
    );
    const whole = replayed(snapshot, [batchOf(pieces.flat())]);
    expect(told(whole)).toEqual(told(small));
  });

  test('replay counts what it read', () => {
    const engine = new ReplayEngine(snapshot);
    for (const lines of pieces) engine.feed(batchOf(lines));
    expect(engine.totals).toMatchObject({
      malformed: 0,
      late: 0,
      groupsDropped: 0,
    });
    const { records, noData, skipData } = engine.totals;
    expect(records + noData + skipData).toBe(pieces.flat().length);
    expect(engine.totals.last - engine.totals.first).toBeGreaterThan(23 * 3_600);
  });
});

describe('one bad timestamp', () => {
  const snapshot = aSnapshot([aCount(9, 300, { by: by() })]);
  const good = Array.from({ length: 10 }, (_, i) => aFlow(NOON + i * 20));
  const YEAR_2099 = Date.UTC(2099, 0, 1) / 1_000;

  test.each([
    ['2099', YEAR_2099],
    ['1970', 1],
    ['a day ahead', NOON + 86_400],
  ])('of %s makes no other record late, wherever and in whatever batch it stands', (_, start) => {
    const bad = aFlow(start);
    for (let at = 0; at <= good.length; at++) {
      const flows = good.toSpliced(at, 0, bad);
      for (const feed of [[flows], flows.map((flow) => [flow])]) {
        const engine = new ReplayEngine(snapshot);
        for (const batch of feed) engine.feed(batchOfFlows(batch));
        const alerts = engine.finish();
        expect(engine.totals.late).toBeLessThanOrEqual(Number(start === 1));
        expect(alerts.map(({ value }) => value)).toEqual([10]);
      }
    }
  });

  test('alone in its file and first of all moves no clock but may stamp alerts', () => {
    const engine = new ReplayEngine(snapshot);
    engine.feed(batchOfFlows([aFlow(YEAR_2099)], 'bad.log'));
    engine.feed(batchOfFlows(good));
    expect(engine.take().map(({ value }) => value)).toEqual([10]);
    expect(engine.totals.late).toBe(0);
  });

  test('of two records makes them believed: what is a day behind is late, and counted', () => {
    const engine = new ReplayEngine(snapshot);
    for (const offset of [0, 1]) engine.feed(batchOfFlows([aFlow(NOON + 3 * 86_400 + offset)]));
    engine.feed(batchOfFlows(good));
    expect(engine.take()).toEqual([]);
    expect(engine.totals.late).toBe(10);
  });
});

describe('a replay', () => {
  test('of one record says when it happened', () => {
    const engine = new ReplayEngine(aSnapshot([aRule()]));
    engine.feed(batchOfFlows([aFlow(NOON)]));
    expect(engine.take()).toMatchObject([
      { stage: 'replay', firstSeen: '2026-11-23T12:00:00Z', detectedAt: '2026-11-23T12:00:00Z' },
    ]);
  });

  test('of files months apart finds nothing late, the later first or last', () => {
    for (const starts of [
      [NOON, NOON + 9e6],
      [NOON + 9e6, NOON],
    ]) {
      const engine = new ReplayEngine(aSnapshot([aCount(1, 300)]));
      starts.forEach((start, file) => {
        engine.feed(batchOfFlows([aFlow(start), aFlow(start + 30)], `${file}.log`));
      });
      expect(engine.take()).toHaveLength(2);
      expect(engine.totals.late).toBe(0);
    }
  });

  test('of the same batch twice counts it once', () => {
    const engine = new ReplayEngine(aSnapshot([aCount(1, 300)]));
    const batch = batchOfFlows([aFlow(NOON)]);
    engine.feed(batch);
    engine.feed(batch);
    expect(engine.take()).toEqual([]);
  });

  test('holds back what silences and open alerts hold back, and counts it', () => {
    const rules = [
      aRule({ id: 'grave', severity: 'high', inhibits: { equal: ['srcaddr'] } }),
      aRule({ id: 'slight', severity: 'low', by: by('srcaddr', 'dstport') }),
      aRule({ id: 'other', severity: 'high' }),
    ];
    const silences = [{ id: 's', match: { rule: ['other'] }, until: NOON + 600, reason: '' }];
    const engine = new ReplayEngine({ ...aSnapshot(rules), silences });
    const flows = [
      aFlow(NOON),
      aFlow(NOON + 60, { dstport: 22 }),
      aFlow(NOON + 90, { dstport: 25 }),
    ];
    engine.feed(batchOfFlows(flows));
    expect(told(engine.take()).map((text) => text.split(' ')[0])).toEqual(['grave', 'slight']);
    expect(engine.totals).toMatchObject({ silenced: 1, inhibited: 2 });
    engine.feed(batchOfFlows([aFlow(NOON + 600)]));
    expect(told(engine.take()).map((text) => text.split(' ')[0])).toEqual(['other']);
    expect(engine.totals).toMatchObject({ silenced: 0, inhibited: 2 });
    engine.finish();
  });

  test('prints what a storm folded, marked, and at the end its summary', () => {
    const engine = new ReplayEngine(aSnapshot([aRule({ storm: 2 })]));
    const flows = Array.from({ length: 5 }, (_, i) => aFlow(NOON, { srcaddr: `198.51.100.${i}` }));
    engine.feed(batchOfFlows(flows));
    const alerts = engine.take();
    expect(alerts.map(({ folded }) => folded)).toEqual([undefined, undefined, true, true, true]);
    expect(engine.finish()).toMatchObject([{ type: 'summary', value: 3 }]);
    expect(engine.finish()).toEqual([]);
  });

  test('prints nothing of a rule that does not notify', () => {
    const engine = new ReplayEngine(aSnapshot([aRule({ mode: 'shadow' })]));
    engine.feed(batchOfFlows([aFlow(NOON)]));
    expect(engine.finish()).toEqual([]);
  });

  test('has no bound unless it is given one, and counts what that one drops', () => {
    const flows = Array.from({ length: 1_500 }, (_, i) =>
      aFlow(NOON, { srcaddr: `10.${i >> 8}.${i & 255}.1` }),
    );
    const dropped = (maxGroups?: number) => {
      const engine = new ReplayEngine(
        aSnapshot([aCount(1, 300)]),
        maxGroups === undefined ? {} : { maxGroups },
      );
      for (let at = 0; at < flows.length; at += 50)
        engine.feed(batchOfFlows(flows.slice(at, at + 50)));
      engine.finish();
      return engine.totals.groupsDropped;
    };
    expect(dropped()).toBe(0);
    expect(dropped(500)).toBeGreaterThan(499);
  });

  test('takes a lateness of its own', () => {
    const late = (lateness: number) => {
      const engine = new ReplayEngine(aSnapshot([aCount(1, 300)]), { lateness });
      engine.feed(batchOfFlows([aFlow(NOON), aFlow(NOON + 1)]));
      engine.feed(batchOfFlows([aFlow(NOON - 600)]));
      engine.finish();
      return engine.totals.late;
    };
    expect(late(601)).toBe(0);
    expect(late(600)).toBe(1);
  });

  test('arrival is never before the last record that is believed', () => {
    const engine = new ReplayEngine(aSnapshot([aRule()]));
    const flows = [aFlow(NOON), aFlow(NOON + 60, { srcaddr: '198.51.100.8' })];
    engine.feed(batchOfFlows(flows));
    for (const { detectedAt } of engine.take()) {
      expect(Date.parse(detectedAt)).toBe(arrivalOf(flows) - 60_000);
    }
  });
});
