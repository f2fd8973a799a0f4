import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/cli/config.ts';
import { profileOf, renderProfile } from '../../src/cli/rule-profile.ts';
import { SHAPES } from '../../src/generator/shapes.ts';
import { cli } from './cli.ts';
import { type Workspace, workspace } from './workspace.ts';

let w: Workspace;

const RULES: Readonly<Record<string, string>> = {
  scan: `title: Scan
match: { action: REJECT, srcaddr: { not: $internal } }
detect: { distinct: { fields: [dstport], above: 25 } }
by: [srcaddr, dstaddr]
window: 17m
message: "{srcaddr} {value} {vpc-id}"
repeat: 4h
mode: live
`,
  every: 'match: { dstport: 22 }\nseverity: high\n',
  grave: 'match: { dstport: 23 }\nby: [srcaddr]\ninhibits: { equal: [srcaddr] }\n',
  graver:
    'match: { dstport: 23 }\nby: [srcaddr]\ninhibits: { rules: [scan], severity: [low], equal: [srcaddr] }\n',
  sum: 'detect: { sum: { field: bytes, above: 1GB } }\nby: [srcaddr]\nwindow: 5m\n',
  ratio: 'detect: { ratio: { of: { action: REJECT }, above: 50% } }\nwindow: 10m\nby: [srcaddr]\n',
  spike: 'detect: { spike: { of: bytes, min: 1MB } }\nwindow: 1h\nby: [srcaddr]\n',
  fresh: 'match: { dstport: 22 }\ndetect: { new: { fields: [srcaddr] } }\n',
  absent: 'match: { dstport: 873 }\ndetect: { absent: { for: 15m } }\nby: [srcaddr]\n',
  beacon: 'detect: { beacon: {} }\nwindow: 1h\nby: [srcaddr, dstaddr]\n',
  dead: 'detect: { unanswered: {} }\nwindow: 10m\nby: [srcaddr]\nmode: shadow\n',
  steps: `detect:
  sequence:
    - match: { action: REJECT }
      distinct: { fields: [dstport], above: 10 }
    - match: { dstport: 22 }
    - rule: scan
by: [srcaddr]
window: 30m
`,
  lost: 'detect: { visibility: { of: skipped, above: 1% } }\nwindow: 15m\n',
  ecs: 'match: { ecs-task-id: { exists: true } }\nby: [ecs-task-id]\n',
  watched: `match: { dstport: 22 }
metric: { name: Ssh }
alarm: { band: 3, period: 5m }
`,
  bpa: 'match: { any: [{ action: REJECT }, { reject-reason: BPA }] }\nby: [srcaddr, vpc-id?]\n',
};

beforeAll(() => {
  w = workspace();
  for (const [id, text] of Object.entries(RULES)) w.write(`rules/${id}.yaml`, text);
  w.write('bad/broken.yaml', 'match: { dsport: 22 }');
  w.write('off/off.yaml', 'match: { dstport: 22 }\nenabled: false');
});

afterAll(() => w.remove());

/** The text about a rule, without costs, which take time to measure. */
async function explained(id: string): Promise<string> {
  const { snapshot, rules } = await readConfig(w.path('rules'));
  const entry = rules.find((rule) => rule.id === id) as (typeof rules)[number];
  return renderProfile(await profileOf(snapshot, entry, [])).join('\n');
}

describe('rules explain', () => {
  test('says what a rule watches, when it fires, what it keeps and needs', async () => {
    const [text] = (await explained('scan')).split('\n\nTraffic');
    expect(text).toBe(`scan: Scan (medium)

Watches  action is REJECT
         srcaddr is not $internal
Groups   one group for each srcaddr, dstaddr
Window   18 minutes, in 9 slots of 2 minutes; it slides by a slot
Fires    when a group has more than 25 distinct values of dstport in any 18 minutes
When     at once, with the record that exceeds it
Tells    default; a group again after 1 hour at the soonest
         again every 4 hours while it lasts
         and once more when it is over
         more than 20 alerts in 5 minutes fold into one
Keeps    9 slots a group: records, bytes, packets, a few samples, the commonest values
         in each, up to 26 distinct dstport, 7 bytes each
         kept for 48 minutes after the last record, lateness included
         about 3.6 kB a group, at most 5.2 kB; at most 24,000 groups, of which the largest stay
Needs    the fields action, dstaddr, dstport, srcaddr
         and uses vpc-id (version 3)
         the default format (version 2) will do, without vpc-id
         aggregation over 1 or 10 minutes`);
  });

  test.each([
    ['every', 'at every matching record'],
    ['sum', 'when bytes of a group add up to more than 1 GB in any 5 minutes'],
    ['sum', 'aggregation over 1 minute, not 10: a record of 10 minutes puts all it adds up'],
    [
      'ratio',
      "when more than 50% of a group's records in any 10 minutes, 100 or more, also meet: action is REJECT",
    ],
    [
      'spike',
      'when a group adds up bytes to more than 1 MB in any 1 hour, and more than 5 times the median of the 24 windows before',
    ],
    ['spike', 'what each of the last 26 windows came to'],
    ['fresh', 'when a group was not seen in 30 days'],
    ['fresh', 'Groups   one group for each srcaddr'],
    [
      'absent',
      'when a group has no record for 15 minutes, after it was seen in 3 spans of that length',
    ],
    ['absent', 'aggregation over 1 minute, not 10: for 15m is less than two intervals'],
    ['beacon', 'when a group begins 8 connections or more in any 1 hour'],
    ['beacon', 'in each, up to 1,000 connections with their times'],
    ['dead', 'when 3 or more connections of a group in any 10 minutes have no accepted record'],
    ['dead', 'Tells    nobody: mode shadow counts and logs'],
    ['grave', 'while one is open, alerts of lower severity with the same srcaddr are not told'],
    ['graver', 'alerts of scan of severity low with the same srcaddr are not told'],
    ['steps', '1. more than 10 distinct dstport of records: action is REJECT'],
    ['steps', '2. a record: dstport is 22'],
    ['steps', '3. the rule scan fires'],
    [
      'lost',
      'when more than 1% of the records skipped by AWS in any 15 minutes, given 100 lines or more',
    ],
    ['lost', 'no field of the format'],
    ['ecs', 'the fields ecs-task-id (version 7)'],
    ['ecs', 'is not enough: the flow log needs a custom one'],
    ['bpa', 'will do, but some conditions never hold there'],
  ])('%s: %s', async (id, line) => {
    expect(await explained(id)).toContain(line);
  });

  test('says what CloudWatch asks for metrics and the alarm', async () => {
    expect(await explained('every')).toContain(
      '\n\nIn CloudWatch: the metric Alerts at $0.0004 for an hour with data; at most $0.30 a month.',
    );
    expect(await explained('watched')).toContain(
      'In CloudWatch: the metrics Alerts, Matches and Ssh at $0.0004 each for an hour with data, and the alarm at $0.30 a month; at most $1.20 a month.',
    );
  });

  test('what matches nothing costs nothing, what matches much costs more', async () => {
    const costs = async (id: string, shape: string) => {
      const args = ['rules', 'explain', id, '--rules', w.path('rules'), '--shape', shape, '--json'];
      return JSON.parse((await cli(args)).out).costs;
    };
    const [ecs] = await costs('ecs', 'scanned');
    expect(ecs).toMatchObject({ matching: 0, digests: 0, writeUnits: 0, centsPerMillion: 0 });
    const [scan] = await costs('scan', 'scanned');
    expect(scan.matching).toBeGreaterThan(0.05);
    expect(scan.matching).toBeLessThan(0.15);
    expect(scan).toMatchObject({ shape: 'scanned', digests: 1_000 });
    expect(scan.writeUnits).toBeGreaterThanOrEqual(1_000);
    // A write unit is 0.0000625 cents, and a million records are 10,000 batches.
    expect(scan.centsPerMillion).toBeCloseTo(scan.writeUnits * 10 * 0.0000625, 3);
  });

  test('without a shape all kinds of traffic are tried', async () => {
    const { out } = await cli(['rules', 'explain', 'ecs', '--rules', w.path('rules'), '--json']);
    const profile = JSON.parse(out);
    expect(profile.costs.map(({ shape }: { shape: string }) => shape)).toEqual(
      SHAPES.map(({ name }) => name),
    );
    expect(profile).toMatchObject({ rule: 'ecs', kind: 'every', interval: 600 });
  }, 60_000);

  test('without a folder it knows the built-in rules', async () => {
    const { code, out } = await cli(['rules', 'explain', 'port-probing', '--shape', 'scanned']);
    expect(code).toBe(0);
    expect(out).toMatch(/^port-probing: /);
  });

  test('a disabled rule is explained, and said to be one', async () => {
    const args = ['rules', 'explain', 'off', '--rules', w.path('off'), '--shape', 'scanned'];
    expect((await cli(args)).out).toMatch(/^off: off \(medium, disabled\)\n/);
  });

  test('one that is not there is an error with what was meant, a bad one is shown as it is', async () => {
    const missing = await cli(['rules', 'explain', 'scna', '--rules', w.path('rules')]);
    expect(missing).toEqual({
      code: 2,
      out: '',
      err: 'There is no rule scna (did you mean scan?).\n',
    });
    const broken = await cli(['rules', 'explain', 'broken', '--rules', w.path('bad')]);
    expect(broken.code).toBe(2);
    expect(broken.err).toMatch(/did you mean dstport\?\)\nThe rule broken has errors\.\n$/);
  });

  test('another shape is refused', async () => {
    const { code, err } = await cli(['rules', 'explain', 'scan', '--shape', 'calm']);
    expect(code).toBe(2);
    expect(err).toContain('quiet, busy, scanned, flood, internal');
  });
});
