import { beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryMetricSink } from '../../src/adapters/local/memory-metric-sink.ts';
import { type ReconcilePorts, reconcile } from '../../src/config/reconcile.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import type { FlowLogFacts } from '../../src/ports/config-source.ts';
import { onPort, tree } from './trees.ts';
import { MemoryText } from './versioned-texts.ts';

/** A format in which every rule here can fire. */
const PORTS = '${srcaddr} ${dstport}';
const BAD = 'match: { dsport: 1 }';

interface World {
  texts: Record<string, string>;
  formats: Record<string, string[]> | Error;
  flowLogs: Record<string, FlowLogFacts>;
  notices: { subject: string; text: string }[];
  refuse: Error | undefined;
  logged: string[];
  snapshot: MemoryText;
  state: MemoryText;
  metrics: MemoryMetricSink;
  /** Unix ms. */
  now: number;
}

let world: World;

beforeEach(() => {
  world = {
    texts: {},
    formats: {},
    flowLogs: {},
    notices: [],
    refuse: undefined,
    logged: [],
    snapshot: new MemoryText(),
    state: new MemoryText(),
    metrics: new MemoryMetricSink(),
    now: 1_767_225_600_000,
  };
});

function ports(more: Partial<ReconcilePorts> = {}): ReconcilePorts {
  return {
    config: { read: async () => tree(world.texts) },
    catalog: {
      describe: async () => {
        if (world.formats instanceof Error) throw world.formats;
        return { formats: world.formats, flowLogs: world.flowLogs };
      },
    },
    snapshot: world.snapshot,
    state: world.state,
    owner: {
      publish: async (subject, text) => {
        if (world.refuse) throw world.refuse;
        world.notices.push({ subject, text });
      },
    },
    metrics: world.metrics,
    log: (level, event) => world.logged.push(`${level} ${event}`),
    ...more,
  };
}

const run = (more: Partial<ReconcilePorts> = {}) =>
  reconcile(ports(more), {
    stage: 'prod',
    builtin: tree({ 'rules/scan': onPort(1) }),
    now: () => world.now,
  });
const published = () => JSON.parse(world.snapshot.text ?? 'null') as Snapshot | null;
const rules = () => published()?.rules.map(({ id }) => id);

describe('publishing', () => {
  test('A fresh stage gets the built-in rules and the test alert', async () => {
    expect(await run()).toMatchObject({ published: true, rules: 2, bad: 0 });
    expect(rules()).toEqual(['scan', 'test-alert']);
    expect(world.notices).toEqual([]);
  });

  test('What has not changed is not published again', async () => {
    world.texts['rules/a'] = onPort(22);
    await run();
    const state = world.state.saves;
    expect(await run()).toMatchObject({ published: false });
    expect([world.snapshot.saves, world.state.saves]).toEqual([1, state]);
  });

  test('A change of a rule, a list or a format is published', async () => {
    await run();
    world.texts['rules/a'] = onPort(22);
    expect(await run()).toMatchObject({ published: true });
    world.texts['lists/internal'] = 'values: [10.0.0.0/8]';
    expect(await run()).toMatchObject({ published: true });
    world.formats = { '/vpc': [PORTS] };
    expect(await run()).toMatchObject({ published: true });
    expect(published()?.formats).toEqual({ '/vpc': [PORTS] });
    world.texts['rules/a'] += '# a remark changes nothing\n';
    expect(await run()).toMatchObject({ published: false });
  });

  test('A run that has read an older tree does not overwrite a newer one', async () => {
    await run();
    world.texts['rules/a'] = onPort(22);
    let readings = 0;
    const slow: ReconcilePorts['config'] = {
      read: async () => {
        const documents = tree(world.texts);
        if (readings++ === 0) {
          // While this run holds its reading, the tree changes and another run publishes.
          world.texts['rules/b'] = onPort(80);
          await run();
        }
        return documents;
      },
    };
    await run({ config: slow });
    expect(readings).toBe(2);
    expect(rules()).toEqual(['a', 'b', 'scan', 'test-alert']);
  });

  test('Both first writers agree', async () => {
    world.snapshot.before = () => world.snapshot.overwrite('{}');
    await run();
    expect(rules()).toEqual(['scan', 'test-alert']);
  });

  test('It gives up when another is first every time', async () => {
    const stubborn = Object.assign(new MemoryText(), { save: async () => 'conflict' as const });
    await expect(run({ snapshot: stubborn })).rejects.toThrow('5 times in a row');
  });

  test('A tree that cannot be read leaves everything as it is', async () => {
    world.texts['rules/a'] = onPort(22);
    await run();
    const before = world.snapshot.text;
    const broken = { read: async () => Promise.reject(new Error('throttled')) };
    await expect(run({ config: broken })).rejects.toThrow('throttled');
    expect(world.snapshot.text).toBe(before);
  });

  test('State of a newer service stops it', async () => {
    world.state.overwrite('{"version":2}');
    await expect(run()).rejects.toThrow('deploy all functions together');
    expect(world.snapshot.text).toBeUndefined();
  });
});

describe('bad documents', () => {
  test('The last good version stays published, across runs', async () => {
    world.texts['rules/a'] = onPort(22);
    await run();
    world.texts['rules/a'] = BAD;
    world.texts['rules/b'] = onPort(80);
    expect(await run()).toMatchObject({ published: true, bad: 1 });
    await run();
    expect(rules()).toEqual(['a', 'b', 'scan', 'test-alert']);
  });

  test('The owner is told once of a bad version, once of the next one, and once when it is mended', async () => {
    world.texts['rules/a'] = BAD;
    await run();
    await run();
    expect(world.notices).toHaveLength(1);
    expect(world.notices[0]).toEqual({
      subject: 'flowlog-alerts prod: configuration, 1 with errors',
      text: `These parts of the configuration have errors. Everything else is in force.

/t/rules/a:1 a match.dsport: there is no field "dsport" (did you mean dstport?)
  This version of a is not in force, and there is no earlier one.

See all of them: flowlog-alerts rules check DIR, or the log of the function reconcile.`,
    });
    world.texts['rules/a'] = 'match: { dstprt: 1 }';
    await run();
    await run();
    expect(world.notices).toHaveLength(2);
    world.texts['rules/a'] = onPort(22);
    await run();
    await run();
    expect(world.notices).toHaveLength(3);
    expect(world.notices[2]).toMatchObject({
      subject: 'flowlog-alerts prod: configuration, 1 mended',
    });
    expect(world.notices[2].text).toContain(
      'No longer in error (mended or removed):\n\n/t/rules/a a\n',
    );
  });

  test('A mistake that comes back after it was mended is told again', async () => {
    for (const text of [BAD, onPort(1), BAD]) {
      world.texts['rules/a'] = text;
      await run();
    }
    expect(world.notices).toHaveLength(3);
  });

  test('A notice says that the last good version stays', async () => {
    world.texts['rules/a'] = onPort(22);
    await run();
    world.texts['rules/a'] = BAD;
    await run();
    expect(world.notices[0].text).toContain('The last good version of a stays in force.');
  });

  test('Many are told in one notice, which ends in a count', async () => {
    for (let index = 0; index < 200; index++) world.texts[`rules/r${index}`] = BAD;
    await run();
    expect(world.notices).toHaveLength(1);
    expect(world.notices[0].subject).toBe('flowlog-alerts prod: configuration, 200 with errors');
    expect(world.notices[0].text).toContain('... and 303 more lines');
  });

  test('A silence about to end is told once, and is no error', async () => {
    const until = new Date(world.now + 20 * 3_600_000).toISOString();
    world.texts['silences/s'] = `match: { rule: scan }\nfrom: 2020-01-01\nuntil: ${until}`;
    expect(await run()).toMatchObject({ bad: 0 });
    await run();
    expect(published()?.silences).toHaveLength(1);
    expect(world.notices.map(({ subject }) => subject)).toEqual([
      'flowlog-alerts prod: configuration, 1 about to end',
    ]);
    world.now += 24 * 3_600_000;
    await run();
    expect(world.notices).toHaveLength(1);
  });

  test('Warnings are logged, not told', async () => {
    world.texts['rules/a'] = onPort(22, 'alarm: { above: -1 }');
    await run();
    expect(world.notices).toEqual([]);
    expect(world.logged).toContain('warn reconcile.problem');
  });

  test('A notice that was not accepted is told by the next run, and the snapshot is out already', async () => {
    world.texts['rules/a'] = BAD;
    world.texts['rules/b'] = onPort(80);
    world.refuse = new Error('topic gone');
    await expect(run()).rejects.toThrow('topic gone');
    expect(rules()).toContain('b');
    world.refuse = undefined;
    await run();
    await run();
    expect(world.notices).toHaveLength(1);
  });

  test('An end that was not accepted is told by the next run', async () => {
    world.texts['rules/a'] = BAD;
    await run();
    world.texts['rules/a'] = onPort(22);
    world.refuse = new Error('topic gone');
    await expect(run()).rejects.toThrow('topic gone');
    world.refuse = undefined;
    await run();
    await run();
    expect(world.notices.map(({ subject }) => subject)).toEqual([
      'flowlog-alerts prod: configuration, 1 with errors',
      'flowlog-alerts prod: configuration, 1 mended',
    ]);
  });

  test('Of a mistake that nobody was told of, nobody is told the end', async () => {
    world.texts['rules/a'] = BAD;
    world.refuse = new Error('topic gone');
    await expect(run()).rejects.toThrow();
    world.refuse = undefined;
    world.texts['rules/a'] = onPort(22);
    await run();
    expect(world.notices).toEqual([]);
  });

  test('BadRules counts them, and has no point when there are none', async () => {
    await run();
    expect(world.metrics.points).toEqual([]);
    world.texts = {
      'rules/a': BAD,
      'rules/m': `id: x\n${BAD}\n---\nid: y\n${BAD}\n`,
      'lists/l': 'x',
    };
    await run();
    expect(world.metrics.points).toEqual([
      { name: 'BadRules', dimensions: { Stage: 'prod' }, unit: 'Count', value: 4 },
    ]);
  });

  test('A metric that is lost is logged and no reason to run again', async () => {
    world.texts['rules/a'] = BAD;
    const metrics = { publish: async () => Promise.reject(new Error('no')) };
    await expect(run({ metrics })).resolves.toMatchObject({ bad: 1 });
    expect(world.logged).toContain('error reconcile.metric');
  });
});

describe('flow logs', () => {
  const denied = new Error('The formats of flow logs cannot be read: allow ec2:DescribeFlowLogs');

  test('While they cannot be described, the formats known before stay, and that is told once', async () => {
    world.formats = { '/vpc': [PORTS] };
    await run();
    world.formats = denied;
    world.texts['rules/a'] = onPort(22);
    await run();
    await run();
    expect(published()?.formats).toEqual({ '/vpc': [PORTS] });
    expect(rules()).toContain('a');
    expect(world.notices).toHaveLength(1);
    expect(world.notices[0].text).toContain(
      'flow logs: The formats of flow logs cannot be read: allow ec2:DescribeFlowLogs. What was known before stays in force.',
    );
    expect(world.metrics.points).toEqual([]);
    world.formats = {};
    await run();
    expect(world.notices).toHaveLength(2);
    world.now += 3_600_000;
    await run();
    expect(published()?.formats).toEqual({});
  });

  test('Their interval and traffic are published, and stay while they cannot be described', async () => {
    world.flowLogs = { '/vpc': { interval: 60, traffic: 'ALL' } };
    await run();
    expect(published()?.flowLogs).toEqual(world.flowLogs);
    world.formats = denied;
    world.texts['rules/a'] = onPort(22);
    await run();
    expect(published()?.flowLogs).toEqual(world.flowLogs);
  });

  test('State and snapshot of an earlier version are read', async () => {
    await run();
    const { flowLogs: _, ...earlier } = JSON.parse(world.state.text ?? '');
    world.state.overwrite(JSON.stringify(earlier));
    world.formats = denied;
    await expect(run()).resolves.toMatchObject({ bad: 0 });
    expect(published()?.flowLogs).toEqual({});
  });

  test('What rules cannot see in a group is told once, and its end once', async () => {
    world.formats = { '/vpc': ['${srcaddr}'], '/vpc/full': [PORTS] };
    await run();
    await run();
    expect(world.notices).toEqual([
      {
        subject: 'flowlog-alerts prod: configuration, 1 with blind spots',
        text: `Some rules in force cannot work on these log groups, by how their flow logs or filters were set up.

log group /vpc:
  its format lacks dstport, so the rule scan cannot fire; a format cannot be changed: create the flow log again with dstport in it and delete the old one

See all of them: flowlog-alerts rules check DIR, or the log of the function reconcile.`,
      },
    ]);
    expect(world.metrics.points).toEqual([]);
    world.formats = { '/vpc': [PORTS], '/vpc/full': [PORTS] };
    await run();
    await run();
    expect(world.notices).toHaveLength(2);
    expect(world.notices[1].text).toContain('(mended or removed):\n\nlog group /vpc\n');
  });

  test('They stand apart from errors in one notice', async () => {
    world.formats = { '/vpc': ['${srcaddr}'] };
    world.texts['rules/a'] = BAD;
    await run();
    expect(world.notices.map(({ subject }) => subject)).toEqual([
      'flowlog-alerts prod: configuration, 1 with errors, 1 with blind spots',
    ]);
  });

  test('Failures that differ by a request id alone are one', async () => {
    const failure = (id: string) =>
      Object.assign(new Error(`Rate exceeded, request ${id}`), { name: 'Throttling' });
    world.formats = failure('1');
    await run();
    world.formats = failure('2');
    await run();
    expect(world.notices).toHaveLength(1);
  });
});

describe('a flow log that was made again with another format', () => {
  const OTHER = '${srcaddr} ${dstport} ${action}';

  test('is in the snapshot at the next run, and its former format for an hour', async () => {
    world.formats = { '/vpc': [PORTS] };
    await run();
    world.formats = { '/vpc': [OTHER] };
    world.now += 300_000;
    await run();
    expect(published()?.formats).toEqual({ '/vpc': [PORTS, OTHER] });
    world.now += 3_599_000;
    expect(await run()).toMatchObject({ published: false });
    world.now += 1_000;
    await run();
    expect(published()?.formats).toEqual({ '/vpc': [OTHER] });
  });

  test('is told as mended at once: nobody need hear of the former format', async () => {
    world.formats = { '/vpc': ['${srcaddr}'] };
    await run();
    expect(world.notices).toHaveLength(1);
    world.formats = { '/vpc': [OTHER] };
    await run();
    expect(world.notices[1]?.text).toContain('(mended or removed):\n\nlog group /vpc\n');
  });

  test('An answer that failed is no change of format', async () => {
    world.formats = { '/vpc': [PORTS] };
    await run();
    world.formats = new Error('no answer');
    await run();
    world.formats = { '/vpc': [PORTS] };
    await run();
    expect(published()?.formats).toEqual({ '/vpc': [PORTS] });
    expect(world.state.text).not.toContain('"former"');
  });
});

describe('a subscription filter that hides records from a rule', () => {
  const group = () => {
    world.formats = { '/vpc': ['${dstport} ${action}'] };
    world.flowLogs = { '/vpc': { interval: 60, traffic: 'ALL' } };
  };
  const asked: string[][] = [];
  const filters = (pattern: string | Error) => ({
    filters: {
      of: async (groups: readonly string[]) => {
        asked.push([...groups]);
        if (pattern instanceof Error) throw pattern;
        return pattern === '' ? {} : { '/vpc': pattern };
      },
    },
  });
  const NARROW = '[dstport, action="REJECT"]';

  test('is told to the owner once, and its end', async () => {
    group();
    for (let i = 0; i < 2; i++) await run(filters(NARROW));
    expect(asked.at(-1)).toEqual(['/vpc']);
    expect(world.notices).toHaveLength(1);
    expect(world.notices[0]?.text).toContain(
      'subscription filter of /vpc:\n  it passes on only [dstport, action="REJECT"], and the rule scan may need more',
    );
    await run(filters(''));
    expect(world.notices[1]?.text).toContain('(mended or removed):\n\nsubscription filter of /vpc');
  });

  test('is not told as mended while filters cannot be read', async () => {
    group();
    await run(filters(NARROW));
    await run(filters(new Error('throttled')));
    await run(filters(NARROW));
    expect(world.notices).toHaveLength(1);
    expect(world.logged).toContain('error reconcile.filters');
  });
});

test('A crash between any two saves leaves a state from which the next run ends right', async () => {
  world.texts = { 'rules/a': onPort(22) };
  await run();
  world.texts = { 'rules/a': BAD, 'rules/b': onPort(80) };
  for (const victim of ['snapshot', 'state'] as const) {
    world[victim].before = () => {
      throw new Error('crash');
    };
    await run().catch(() => {});
  }
  await run();
  await run();
  expect(rules()).toEqual(['a', 'b', 'scan', 'test-alert']);
  expect(world.notices).toHaveLength(1);
});
