import { beforeEach, describe, expect, test } from '@jest/globals';
import { matchesGlob } from '../../src/config/glob.ts';
import type { StageStack } from '../../src/ports/stage-stack.ts';
import { applyPlan, type Done } from '../../src/subscribe/apply.ts';
import { gatherRegion } from '../../src/subscribe/facts.ts';
import { groupArn, permissionId, placeOf, SHARED_PERMISSION } from '../../src/subscribe/names.ts';
import { planRegion } from '../../src/subscribe/plan.ts';
import { planUndo, undo } from '../../src/subscribe/undo.ts';
import {
  FUNCTION,
  filter,
  flowLog,
  logGroup,
  MemoryRegion,
  REGION,
  stack,
} from './memory-region.ts';

let region: MemoryRegion;
let waits: number[];
const stop = new AbortController().signal;

beforeEach(() => {
  region = new MemoryRegion();
  waits = [];
});

function withGroups(count: number): void {
  for (let i = 0; i < count; i++) {
    region.add(logGroup(`/vpc/${i}`));
    region.logs.push(flowLog(`/vpc/${i}`, { resource: `vpc-${i}` }));
  }
}

async function subscribe(pattern = '', deployed: StageStack = stack()): Promise<Done[]> {
  const ports = { inventory: region, subscriptions: region };
  const facts = await gatherRegion(REGION, deployed, ports);
  const options = { stage: 'dev', format: '${srcaddr}', patternFor: () => pattern };
  const plan = planRegion(facts, options);
  const sleep = async (ms: number) => waits.push(ms);
  return collect(applyPlan(plan.groups, facts, region, { stage: 'dev', sleep, stop }));
}

async function takeBack(glob = '*', deployed: StageStack = stack()): Promise<Done[]> {
  const found = await planUndo(
    { region: REGION, stage: 'dev', stack: deployed },
    region,
    region,
    (group) => matchesGlob(glob, group),
  );
  return collect(undo(found, 'dev', region, stop));
}

async function collect(all: AsyncGenerator<Done>): Promise<Done[]> {
  const found: Done[] = [];
  for await (const done of all) found.push(done);
  return found;
}

const filtersOf = (group: string) => region.groups.get(group)?.filters.map(({ name }) => name);

describe('applying', () => {
  test('gives each group its permission before its filter', async () => {
    withGroups(2);
    expect(await subscribe()).toMatchObject([{ ok: true }, { ok: true }]);
    expect(region.changes).toEqual([
      `permit ${permissionId('/vpc/0')}`,
      'put /vpc/0',
      `permit ${permissionId('/vpc/1')}`,
      'put /vpc/1',
    ]);
    expect(region.permissions[0]?.sourceArn).toBe(
      `arn:aws:logs:${REGION}:123456789012:log-group:/vpc/0:*`,
    );
  });

  test('a second time finds nothing to do', async () => {
    withGroups(2);
    await subscribe();
    region.changes.length = 0;
    expect(await subscribe()).toEqual([]);
    expect(region.changes).toEqual([]);
  });

  test('above twenty groups gives one permission for all, and up to twenty one each', async () => {
    withGroups(20);
    await subscribe();
    expect(region.permissions).toHaveLength(20);
    region = new MemoryRegion();
    withGroups(21);
    await subscribe();
    expect(region.permissions.map(({ id }) => id)).toEqual([SHARED_PERMISSION]);
    expect(region.permissions[0]?.sourceArn).toBe(groupArn(placeOf(FUNCTION), '*'));
  });

  test('gives no permission where the stack has one for all groups', async () => {
    withGroups(1);
    region.permissions = [{ id: 'stack', sourceArn: groupArn(placeOf(FUNCTION), '*') }];
    await subscribe();
    expect(region.changes).toEqual(['put /vpc/0']);
  });

  test('goes on after a group that failed, and says what AWS said', async () => {
    withGroups(3);
    region.refuse = (group) =>
      group === '/vpc/1' ? Object.assign(new Error('no'), { name: 'AccessDenied' }) : undefined;
    expect(await subscribe()).toMatchObject([
      { group: '/vpc/0', ok: true },
      { group: '/vpc/1', ok: false, detail: 'AccessDenied: no' },
      { group: '/vpc/2', ok: true },
    ]);
  });

  test('waits for a permission that CloudWatch Logs does not know of yet', async () => {
    withGroups(1);
    let refusals = 2;
    const unknown = Object.assign(new Error('Could not execute the lambda function.'), {
      name: 'InvalidParameterException',
    });
    region.refuse = () => (refusals-- > 0 ? unknown : undefined);
    expect(await subscribe()).toMatchObject([{ ok: true }]);
    expect(waits).toEqual([1_000, 2_000]);
  });

  test('does not wait where the parameter is wrong otherwise', async () => {
    withGroups(1);
    region.refuse = () =>
      Object.assign(new Error('bad pattern'), { name: 'InvalidParameterException' });
    expect(await subscribe()).toMatchObject([{ ok: false }]);
    expect(waits).toEqual([]);
  });

  test('puts a pattern, and the next run without one takes it away again', async () => {
    withGroups(1);
    await subscribe('[a]');
    expect(region.groups.get('/vpc/0')?.filters[0]?.pattern).toBe('[a]');
    await subscribe();
    expect(region.groups.get('/vpc/0')?.filters[0]?.pattern).toBe('');
  });
});

describe('undoing', () => {
  test('takes away filters and then their permissions, and leaves the account as it was', async () => {
    withGroups(2);
    await subscribe();
    region.changes.length = 0;
    expect(await takeBack()).toMatchObject([{ ok: true }, { ok: true }]);
    expect(region.changes.slice(0, 2)).toEqual(['remove /vpc/0', 'remove /vpc/1']);
    expect(region.permissions).toEqual([]);
    expect(await takeBack()).toEqual([]);
  });

  test('leaves filters of others, of other stages and of the stack', async () => {
    region.add(
      logGroup('/a', { filters: [filter('flowlog-alerts-dev'), filter('siem', 'arn:x')] }),
      logGroup('/b', { filters: [filter('flowlog-alerts-prod', 'arn:prod')] }),
      logGroup('/c', { filters: [filter('flowlog-alerts-dev', 'arn:another-function')] }),
      logGroup('/d', { filters: [filter('flowlog-alerts-dev')] }),
    );
    region.logs = ['/a', '/b', '/c', '/d'].map((group) => flowLog(group));
    region.permissions = [{ id: 'of-the-stack', sourceArn: groupArn(placeOf(FUNCTION), '/d') }];
    await takeBack('*', stack({ logGroups: ['/d'] }));
    expect(region.changes).toEqual(['remove /a']);
    expect(region.permissions).toHaveLength(1);
    expect(['/a', '/b', '/c', '/d'].map(filtersOf)).toEqual([
      ['siem'],
      ['flowlog-alerts-prod'],
      ['flowlog-alerts-dev'],
      ['flowlog-alerts-dev'],
    ]);
  });

  test('finds groups whose flow log is gone, by the permission made for them', async () => {
    withGroups(1);
    await subscribe();
    region.logs = [];
    expect(await takeBack()).toMatchObject([{ group: '/vpc/0', ok: true }]);
  });

  test('finds them in the whole region where one permission is for all', async () => {
    withGroups(21);
    await subscribe();
    region.logs = [];
    expect(await takeBack()).toHaveLength(21);
    expect(region.permissions).toEqual([]);
  });

  test('finds them without a stack too, by the name of the function they lead to', async () => {
    region.add(
      logGroup('/a', { filters: [filter('flowlog-alerts-dev')] }),
      logGroup('/b', { filters: [filter('flowlog-alerts-dev', `${FUNCTION}-of-another`)] }),
    );
    const found = await planUndo({ region: REGION, stage: 'dev' }, region, region);
    expect(found).toMatchObject({ groups: ['/a'], permissions: [] });
  });

  test('of some groups leaves the others their filters and permissions', async () => {
    withGroups(2);
    await subscribe();
    await takeBack('/vpc/0');
    expect([filtersOf('/vpc/0'), filtersOf('/vpc/1')]).toEqual([[], ['flowlog-alerts-dev']]);
    expect(region.permissions.map(({ id }) => id)).toEqual([permissionId('/vpc/1')]);
  });

  test('keeps every permission while a filter could not be removed', async () => {
    withGroups(1);
    await subscribe();
    region.remove = async () => {
      throw new Error('no');
    };
    expect(await takeBack()).toMatchObject([{ ok: false, detail: 'Error: no' }]);
    expect(region.permissions).toHaveLength(1);
  });
});
