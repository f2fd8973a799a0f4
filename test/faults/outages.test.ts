import { describe, expect, test } from '@jest/globals';
import { CODEC_VERSION } from '../../src/log/codec.ts';
import { compileRuleSet } from '../../src/map/4-match/rule-set.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import type { CompiledRule } from '../../src/rules/compiled.ts';
import { aFlow, asLogEntry, aTick, type Flow, logEntries, NOON } from '../reduce/flows.ts';
import { aCount, aRule, aSnapshot, by } from '../reduce/rules.ts';
import { only } from './faults.ts';
import { delivery, LEASE, published, World } from './world.ts';

const EVERY = aSnapshot([aRule()]);
const AT = (NOON + 60) * 1_000;

function entriesOf(rules: readonly CompiledRule[], flows: readonly Flow[], name = ''): LogEntry[] {
  return logEntries(compileRuleSet(aSnapshot(rules)), flows, AT, { name });
}

const stranger = (last: number) => aFlow(NOON, { srcaddr: `198.51.100.${last}` });
const EVERY_ENTRY = (last: number) => entriesOf([aRule()], [stranger(last)]);

function pointsOf(world: World, wanted: string): number {
  const points = world.metrics.points.filter(({ name }) => name === wanted);
  return points.reduce((sum, { value }) => sum + value, 0);
}

describe('a topic that does not answer', () => {
  test('for an hour: everything is sent when it is back, once', async () => {
    const world = new World(EVERY, AT);
    world.topic.down = true;
    await world.hand(EVERY_ENTRY(1));
    await world.minute(60);
    await world.hand(EVERY_ENTRY(2));
    world.topic.down = false;
    await world.minute(15);
    const groups = world.topic.published.map(({ group }) => group.srcaddr);
    expect(groups.sort()).toEqual(['198.51.100.1', '198.51.100.2']);
    expect(world.letters.letters).toEqual([]);
    expect(pointsOf(world, 'DeliveryFailures')).toBe(0);
  });

  test('is asked ever less often', async () => {
    const world = new World(EVERY, AT);
    world.topic.down = true;
    await world.hand(EVERY_ENTRY(1));
    await world.minute(60);
    const asked = world.faults.calls.filter((name) => name === 'reduce.notifier.publish');
    // At 0, 1, 3, 7, 15, 30, 45 and 60 minutes.
    expect(asked).toHaveLength(8);
  });

  test('for six hours: what waited is parked with its reason and counted, and never sent', async () => {
    const world = new World(EVERY, AT);
    world.topic.down = true;
    await world.hand(EVERY_ENTRY(1));
    await world.minute(350);
    expect(world.letters.letters).toEqual([]);
    await world.minute(30);
    expect(world.letters.letters).toEqual([
      {
        kind: 'notification',
        reason: 'the topic does not answer',
        body: expect.stringContaining('"srcaddr":"198.51.100.1"'),
      },
    ]);
    expect(pointsOf(world, 'DeliveryFailures')).toBe(1);
    world.topic.down = false;
    await world.minute(20);
    expect(world.topic.published).toEqual([]);
    expect((await world.memory())?.outbox).toEqual([]);
  });

  test('right after the reducer itself stood still for a day: one failure parks nothing', async () => {
    const world = new World(EVERY, AT);
    const entries = EVERY_ENTRY(1);
    world.now += 20 * 3_600_000;
    world.topic.down = true;
    await world.hand(entries);
    world.topic.down = false;
    await world.minute(2);
    expect(world.letters.letters).toEqual([]);
    expect(world.topic.published).toHaveLength(1);
  });

  test('and dead letters neither: it stays in the outbox', async () => {
    const world = new World(EVERY, AT);
    world.topic.refused.add('rule');
    world.faults.onCall((name) => (name === 'reduce.letters.park' ? 'fail-before' : 'pass'));
    await world.hand(EVERY_ENTRY(1));
    expect((await world.memory())?.outbox).toHaveLength(1);
    world.faults.onCall(() => 'pass');
    await world.minute(2);
    expect(world.letters.letters).toHaveLength(1);
    expect(pointsOf(world, 'DeliveryFailures')).toBe(1);
  });

  test('does not keep metrics back', async () => {
    const world = new World(EVERY, AT);
    world.topic.down = true;
    await world.hand(EVERY_ENTRY(1));
    await world.minute(1);
    expect(pointsOf(world, 'Alerts')).toBeGreaterThan(0);
  });
});

describe('a topic that is slow', () => {
  test('does not make a run longer than half a minute; the next run sends the rest, none twice', async () => {
    const world = new World(aSnapshot([aRule({ storm: 100 })]), AT);
    const publish = world.topic.publish.bind(world.topic);
    let most = 0;
    world.topic.publish = async (alert) => {
      world.now += 7_000;
      most++;
      return publish(alert);
    };
    const flows = Array.from({ length: 12 }, (_, i) => stranger(i));
    await world.hand(entriesOf([aRule({ storm: 100 })], flows));
    expect(most).toBe(5);
    await world.minute(2);
    expect(published(world).size).toBe(12);
    expect(world.topic.published).toHaveLength(12);
  });
});

describe('a notification that is refused for good', () => {
  test('is parked at once and counted once, also where the save after it meets another writer', async () => {
    const world = new World(EVERY, AT);
    world.topic.refused.add('rule');
    const save = world.checkpoints.save.bind(world.checkpoints);
    let saves = 0;
    const checkpoints = {
      load: (shard: number) => world.checkpoints.load(shard),
      async save(shard: number, body: Uint8Array, previous: string | undefined) {
        if (++saves === 2) await world.newReduce({ dead: false }).run(EVERY_ENTRY(2));
        return save(shard, body, previous);
      },
    };
    await world.newReduce({ dead: false }, { checkpoints }).run(EVERY_ENTRY(1));
    expect(world.letters.letters).toHaveLength(2);
    await world.minute(2);
    expect(pointsOf(world, 'DeliveryFailures')).toBe(2);
  });
});

describe('metrics', () => {
  test('that were not taken are logged and left: the sink has tried', async () => {
    const world = new World(EVERY, AT);
    world.faults.onCall((name) => (name === 'reduce.metrics.publish' ? 'fail-after' : 'pass'));
    await world.hand(EVERY_ENTRY(1));
    await world.minute(1);
    world.faults.onCall(() => 'pass');
    await world.minute(20);
    expect(pointsOf(world, 'Alerts')).toBe(2);
    expect(world.events('metrics-not-published')).toHaveLength(1);
    expect((await world.memory())?.metricsOutbox).toEqual([]);
  });

  test('that a dead process held are published after its lease', async () => {
    const world = new World(EVERY, AT);
    await world.hand(EVERY_ENTRY(1));
    world.faults.onCall((name) => (name === 'reduce.metrics.publish' ? 'kill-before' : 'pass'));
    world.now += 60_000;
    const tick = asLogEntry(aTick(world.now));
    await expect(world.tryHand([tick])).rejects.toThrow();
    world.faults.onCall(() => 'pass');
    await world.hand([tick]);
    expect(world.metrics.points).toEqual([]);
    world.now += LEASE;
    await world.hand([tick]);
    expect(pointsOf(world, 'Alerts')).toBe(2);
  });
});

describe('the stream', () => {
  const log = [1, 2, 3, 4].flatMap(EVERY_ENTRY);

  test('may hand a batch out again, whole or in part, in any order and with others between', async () => {
    const world = new World(EVERY, AT);
    await world.hand([log[1], log[0]]);
    await world.hand([log[0], log[2]]);
    await world.hand([log[3], log[2], log[1], log[0]]);
    world.restart();
    await world.hand(log);
    expect([...published(world).values()]).toEqual([1, 1, 1, 1]);
    expect((await world.memory())?.applied.size).toBe(4);
  });

  test('may bring an entry twice in one batch', async () => {
    const rule = aCount(5, 300, { id: 'rule' });
    const world = new World(aSnapshot([rule]), AT);
    const [entry] = entriesOf([rule], [stranger(1)]);
    await world.hand([entry, entry]);
    const [group] = (await world.memory())?.rules.get('rule')?.groups.values() ?? [];
    expect(group?.slots[0].records).toBe(1);
  });

  test('a batch of several shards: one shard’s failure does not undo another’s work', async () => {
    const world = new World(EVERY, AT, 2);
    const other = { ...log[1], shard: 1 };
    world.faults.onCall((name, index) =>
      name === 'reduce.checkpoints.load' && index > 3 ? 'fail-before' : 'pass',
    );
    await expect(world.tryHand([log[0], other])).rejects.toThrow('fail-before');
    world.faults.onCall(() => 'pass');
    await world.hand([log[0], other]);
    expect([...published(world).values()]).toEqual([1, 1]);
  });

  test('an entry that cannot be read is parked once, however often it comes, and the others go on', async () => {
    const world = new World(EVERY, AT);
    const broken = { shard: 0, key: 'broken', at: AT, data: Buffer.of(0x10, 0xff) };
    await world.hand([broken, log[0]]);
    await world.hand([broken, log[1]]);
    world.restart();
    await world.hand([broken]);
    expect(published(world).size).toBe(2);
    expect(world.letters.letters).toHaveLength(1);
    const [{ kind, body }] = world.letters.letters;
    expect([kind, JSON.parse(body)]).toEqual([
      'digest',
      { shard: 0, key: 'broken', at: AT, d: 'EP8=' },
    ]);
  });

  test('an entry that cannot be read and cannot be parked makes the run fail', async () => {
    const world = new World(EVERY, AT);
    const broken = { shard: 0, key: 'broken', at: AT, data: Buffer.of(0x10, 0xff) };
    world.faults.onCall((name) => (name === 'reduce.letters.park' ? 'fail-before' : 'pass'));
    await expect(world.tryHand([broken, log[0]])).rejects.toThrow('fail-before');
    expect(await world.memory()).toBeUndefined();
  });

  test('an entry of a newer format makes the run fail, loses nothing and is not parked', async () => {
    const world = new World(EVERY, AT);
    const newer = { shard: 0, key: 'newer', at: AT, data: Buffer.of((CODEC_VERSION + 1) << 4) };
    const broken = { shard: 0, key: 'broken', at: AT, data: Buffer.of(0x10, 0xff) };
    for (let i = 0; i < 3; i++) {
      await expect(world.tryHand([log[0], broken, newer])).rejects.toThrow(
        `reads up to ${CODEC_VERSION}`,
      );
    }
    expect(world.letters.letters).toEqual([]);
    expect(await world.memory()).toBeUndefined();
    // The stream halves the batch until the newer entry waits alone.
    await world.hand([log[0], broken]);
    expect(published(world).size).toBe(1);
  });

  test('a checkpoint of a newer format stops the reducer and stays as it is', async () => {
    const world = new World(EVERY, AT);
    const body = Buffer.from('H4sIAAAAAAAAA6tWSssvyk0sUbIyqgUAVsgvKAwAAAA=', 'base64');
    await world.checkpoints.save(0, body, undefined);
    await expect(world.tryHand([log[0]])).rejects.toThrow('checkpoint');
    expect((await world.checkpoints.load(0))?.body).toEqual(new Uint8Array(body));
    expect(world.topic.published).toEqual([]);
  });
});

describe('configuration', () => {
  test('that is not there yet: both loops fail, and nothing is lost', async () => {
    const world = new World(undefined, AT);
    const event = delivery([stranger(1)]);
    await expect(world.deliver(event)).rejects.toThrow('no configuration has been published yet');
    await expect(world.tryHand(EVERY_ENTRY(2))).rejects.toThrow('run reconcile');
    expect(await world.memory()).toBeUndefined();
    world.snapshot = EVERY;
    await world.deliver(event);
    await world.stream();
    await world.hand(EVERY_ENTRY(2));
    expect(published(world).size).toBe(2);
  });

  const rule = aCount(2, 300, { by: by() });
  const flows = [stranger(1), stranger(2)];

  test('a rule that changes in title, severity or threshold goes on with what it remembers', async () => {
    const world = new World(aSnapshot([rule]), AT);
    await world.hand(entriesOf([rule], flows));
    const changed = aCount(2, 300, { by: by(), title: 'New', severity: 'low' });
    world.snapshot = aSnapshot([changed]);
    await world.hand(entriesOf([changed], [stranger(3)]));
    expect(world.topic.published).toMatchObject([{ value: 3, rule: { title: 'New' } }]);
    expect(world.events('rule-starts-afresh')).toEqual([]);
  });

  test('a rule that changes in what it matches starts afresh and says so, once', async () => {
    const world = new World(aSnapshot([rule]), AT);
    await world.hand(entriesOf([rule], flows));
    const match = {
      field: 'dstport',
      test: { in: { numbers: [[443, 443]] } },
      path: 'match',
    } as const;
    const changed = { ...rule, match };
    world.snapshot = aSnapshot([changed]);
    await world.hand(entriesOf([changed], [stranger(3)]));
    await world.hand(entriesOf([changed], [stranger(4)]));
    expect(world.topic.published).toEqual([]);
    expect(world.events('rule-starts-afresh').map(({ fields }) => fields.rule)).toEqual(['count']);
    await world.hand(entriesOf([changed], [stranger(5)]));
    expect(world.topic.published).toHaveLength(1);
  });

  test('a rule that map knows before reduce does makes reduce look for it', async () => {
    const world = new World(aSnapshot([]), AT);
    const asked: boolean[] = [];
    const loop = world.newReduce(
      { dead: false },
      {
        snapshot: async (newest) => {
          asked.push(newest);
          return newest ? EVERY : world.snapshot;
        },
      },
    );
    await loop.run(EVERY_ENTRY(1));
    expect(asked).toEqual([false, true]);
    expect(published(world).size).toBe(1);
    expect(world.events('rule-version-differs')).toEqual([]);
  });

  test('a rule that reduce cannot find is told of, and the other rules go on', async () => {
    const world = new World(EVERY, AT);
    await world.hand(entriesOf([rule, aRule()], [stranger(1)]));
    expect(world.events('rule-version-differs').map(({ fields }) => fields.rule)).toEqual([
      'count',
    ]);
    expect(published(world).size).toBe(1);
  });
});

describe('ingest', () => {
  test('a batch that comes again, also to another instance, writes nothing more', async () => {
    const world = new World(EVERY, AT);
    const event = delivery([stranger(1)]);
    await world.deliver(event);
    const before = world.digests.entries(0);
    world.now += 1_000;
    await world.newIngest({ dead: false }).subscription(event);
    const batches = world.digests.entries(0).filter(({ key }) => key.includes('#batch#'));
    expect(batches).toEqual(before.filter(({ key }) => key.includes('#batch#')));
  });

  test('a batch that could not be written is not in the totals of the next heartbeat', async () => {
    const world = new World(EVERY, AT);
    world.faults.onCall(only(1, 'fail-before'));
    await world.deliver(delivery([stranger(1)]));
    await world.stream();
    await world.minute(1);
    expect(pointsOf(world, 'Records')).toBe(1);
  });

  test('a heartbeat that could not be written does not repeat the batch, and its totals come later', async () => {
    const world = new World(EVERY, AT);
    world.faults.onCall((name, index) =>
      name === 'map.digests.put' && index === 2 ? 'fail-before' : 'pass',
    );
    await world.deliver(delivery([stranger(1)]));
    expect(world.events('heartbeat-not-written')).toHaveLength(1);
    await world.deliver(delivery([stranger(2)]));
    await world.stream();
    await world.minute(1);
    expect(pointsOf(world, 'Records')).toBe(2);
    expect(pointsOf(world, 'Batches')).toBe(2);
  });
});
