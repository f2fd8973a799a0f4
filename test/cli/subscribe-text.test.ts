import { describe, expect, test } from '@jest/globals';
import { PLAIN } from '../../src/alerts/terminal.ts';
import { jsonLines } from '../../src/cli/subscribe-json.ts';
import { planLines, summaryLine } from '../../src/cli/subscribe-text.ts';
import { gatherRegion } from '../../src/subscribe/facts.ts';
import { planRegion, type RegionPlan } from '../../src/subscribe/plan.ts';
import {
  filter,
  flowLog,
  logGroup,
  MemoryRegion,
  REGION,
  stack,
} from '../subscribe/memory-region.ts';

async function planOf(region: MemoryRegion, groups?: string): Promise<RegionPlan> {
  const facts = await gatherRegion(REGION, stack(), { inventory: region, subscriptions: region });
  const options = { stage: 'dev', format: '${srcaddr}', patternFor: () => '' };
  return planRegion(facts, { ...options, ...(groups !== undefined && { groups }) });
}

function everything(): MemoryRegion {
  const region = new MemoryRegion().add(
    logGroup('/vpc/a'),
    logGroup('/vpc/full', { filters: [filter('siem', 'arn:a'), filter('x', 'arn:b')] }),
  );
  region.net = {
    vpcs: [
      { id: 'vpc-1', cidr: '10.0.0.0/16' },
      { id: 'vpc-2', name: 'shop', cidr: '10.1.0.0/16' },
    ],
    subnets: [],
  };
  region.used = new Set(['vpc-2']);
  region.logs = [
    flowLog('/vpc/a', { id: 'fl-1' }),
    flowLog('/vpc/a', { id: 'fl-2' }),
    flowLog('/vpc/full', { id: 'fl-3', resource: 'vpc-3', failure: 'Access error' }),
    flowLog('', { id: 'fl-4', destination: { kind: 's3', arn: 'arn:aws:s3:::logs' } }),
    flowLog('', { id: 'fl-5', destination: { kind: 'firehose', arn: 'arn:aws:firehose:x' } }),
  ];
  return region;
}

describe('a plan on a terminal', () => {
  test('has each group with its reason and what to do', async () => {
    const lines = planLines(await planOf(everything()), PLAIN);
    expect(lines[0]).toBe(REGION);
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}subscribe +\/vpc\/a +2 fields +60 s +ALL +nothing reads it yet$/),
    );
    const full = lines.findIndex((line) => line.startsWith('  cannot'));
    expect(lines[full]).toContain('siem and x');
    expect(lines[full + 1]).toMatch(/^ {6}-> remove one of them/);
  });

  test('has what no subscription reaches, each under its title', async () => {
    const text = planLines(await planOf(everything()), PLAIN).join('\n');
    expect(text).toMatch(/Not delivered\n +fl-3 of vpc-3 to \/vpc\/full: Access error \(its role/);
    expect(text).toMatch(
      /every record counts twice\n +fl-1 of vpc-1 and fl-2 of vpc-1, in \/vpc\/a/,
    );
    expect(text).toMatch(/fl-4 of vpc-1 to arn:aws:s3:::logs: .* the function objects, in a later/);
    expect(text).toMatch(/fl-5 of vpc-1 to arn:aws:firehose:x: .* the function stream, in a later/);
    expect(text).toMatch(/Without a flow log\n +vpc-2 \(shop\)\n +aws ec2 create-flow-logs /);
    expect(text).toContain('ROLE_ARN is a role that vpc-flow-logs.amazonaws.com may assume');
  });

  test('of a region without flow logs says so, and has no titles', async () => {
    expect(planLines(await planOf(new MemoryRegion()), PLAIN)).toEqual([
      REGION,
      '  No log group with flow logs.',
    ]);
  });

  test('names that would steer the terminal do not', async () => {
    const region = new MemoryRegion().add(logGroup('/vpc/a'));
    region.logs = [flowLog('/vpc/a', { failure: 'bad\u001b[31mred' })];
    expect(planLines(await planOf(region), PLAIN).join('\n')).not.toContain('\u001b');
  });

  test('is summed up, and says that nothing was changed only where something would be', async () => {
    const plan = await planOf(everything());
    expect(summaryLine([plan], false)).toBe(
      '2 log groups: 1 to subscribe, 0 to put right, 0 subscribed, 1 that cannot be. Nothing was changed: --apply does it.',
    );
    expect(summaryLine([plan], true)).not.toContain('--apply');
    expect(summaryLine([await planOf(everything(), '/vpc/full')], false)).not.toContain('--apply');
  });
});

test('A plan as JSON has one object a line, each with its kind and region', async () => {
  const objects = jsonLines(await planOf(everything())).map((line) => JSON.parse(line));
  expect(objects.map(({ kind }) => kind)).toEqual([
    'group',
    'group',
    'elsewhere',
    'elsewhere',
    'failing',
    'twice',
    'uncovered',
  ]);
  expect(objects.every(({ region }) => region === REGION)).toBe(true);
});
