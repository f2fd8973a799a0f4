import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AlarmDefinition } from '../../src/alarms/definition.ts';
import type { StageStack } from '../../src/ports/stage-stack.ts';
import { findRemains, isEmpty } from '../../src/uninstall/find.ts';
import { type Removed, remove } from '../../src/uninstall/remove.ts';
import { filter, flowLog, logGroup, REGION, stack } from '../subscribe/memory-region.ts';
import { MemoryStage } from './memory-leftovers.ts';

let stage: MemoryStage;
let deployed: StageStack | undefined;
let now: number;
let slept: number;

const alarm = (name: string) =>
  ({ AlarmName: `flowlog-alerts/dev/rule/${name}` }) as AlarmDefinition;

beforeEach(() => {
  stage = new MemoryStage();
  deployed = stack();
  now = 0;
  slept = 0;
  stage.region.add(logGroup('/vpc', { filters: [filter('flowlog-alerts-dev')] }));
  stage.region.logs = [flowLog('/vpc')];
  stage.owned = [
    { name: 'packages', holds: 'packages' },
    { name: 'state', holds: 'state' },
  ];
  stage.groups = ['/aws/lambda/flowlog-alerts-dev-logs'];
  stage.tree = [
    { path: 'rules/a', secure: false },
    { path: 'channels/x', secure: true },
  ];
  stage.alarms = [
    alarm('a'),
    { AlarmName: 'flowlog-alerts/dev/severity/high', AlarmRule: 'ALARM(a)' } as AlarmDefinition,
  ];
  stage.saved = [{ id: 'q1', name: 'flowlog-alerts/dev/a', text: '', logGroups: [] }];
});

const remains = () =>
  findRemains({ stage: 'dev', region: REGION, ...(deployed && { stack: deployed }) }, stage.ports);

async function run(
  more: { readonly backup?: () => Promise<string>; readonly stop?: AbortSignal } = {},
): Promise<Removed[]> {
  const all: Removed[] = [];
  for await (const one of remove(await remains(), stage.ports, {
    sleep: async (ms) => {
      slept++;
      now += ms;
    },
    now: () => now,
    onProgress: () => {},
    stop: new AbortController().signal,
    ...more,
  })) {
    all.push(one);
  }
  return all;
}

describe('removing', () => {
  test('goes from the filters to the parameters, and what reconcile makes after reconcile', async () => {
    expect((await run()).every(({ ok }) => ok)).toBe(true);
    expect(stage.removed).toEqual([
      'remove /vpc',
      'empty packages',
      'stack',
      'alarms flowlog-alerts/dev/severity/high',
      'alarms flowlog-alerts/dev/rule/a',
      'query q1',
      'log group /aws/lambda/flowlog-alerts-dev-logs',
      'empty state',
      'bucket state',
      'parameters channels/x rules/a',
    ]);
  });

  test('a second time finds nothing', async () => {
    await run();
    deployed = undefined;
    expect(isEmpty(await remains())).toBe(true);
    expect(await run()).toEqual([]);
  });

  test('begins with the backup, where one was asked for', async () => {
    const backup = async () => {
      stage.removed.push('backup');
      return 'two documents';
    };
    expect((await run({ backup }))[0]).toEqual({
      what: 'backup',
      ok: true,
      detail: 'two documents',
    });
    expect(stage.removed[0]).toBe('backup');
  });

  test('touches nothing where the backup fails', async () => {
    const backup = async () => {
      throw new Error('disk full');
    };
    await expect(run({ backup })).rejects.toThrow('disk full');
    expect(stage.removed).toEqual([]);
  });

  test('leaves alarms that carry no tag of the stage', async () => {
    stage.foreign.add('flowlog-alerts/dev/rule/a');
    await run();
    expect(stage.alarms).toEqual([alarm('a')]);
  });

  test('leaves the function alone while a filter leads to it', async () => {
    stage.region.remove = async () => {
      throw new Error('no');
    };
    expect(await run()).toEqual([{ what: 'filter of /vpc', ok: false, detail: 'Error: no' }]);
    expect(stage.removed).toEqual([]);
  });

  test('ends at the step that fails, and goes on from there the next time', async () => {
    stage.refuse = (what) => what.startsWith('log group');
    expect((await run()).at(-1)).toEqual({
      what: 'log groups',
      ok: false,
      detail: 'AccessDenied: no log group /aws/lambda/flowlog-alerts-dev-logs',
    });
    expect(stage.tree).toHaveLength(2);
    deployed = undefined;
    stage.refuse = () => false;
    expect((await run()).map(({ what }) => what)).toEqual(['log groups', 'buckets', 'parameters']);
  });

  test('waits until the stack is gone', async () => {
    stage.statuses = [
      { status: 'UPDATE_COMPLETE' },
      { status: 'DELETE_IN_PROGRESS' },
      { status: 'DELETE_COMPLETE' },
    ];
    expect((await run()).every(({ ok }) => ok)).toBe(true);
    expect(slept).toBe(2);
  });

  test('keeps state and parameters of a stack that could not be deleted', async () => {
    stage.statuses = [{ status: 'DELETE_FAILED', reason: 'a topic is in use' }];
    expect((await run()).at(-1)).toEqual({
      what: 'stack',
      ok: false,
      detail: 'flowlog-alerts-dev is DELETE_FAILED: a topic is in use',
    });
    expect(stage.owned.some(({ holds }) => holds === 'state')).toBe(true);
    expect(stage.tree).toHaveLength(2);
  });

  test('gives up a stack that is not gone after half an hour', async () => {
    stage.statuses = [{ status: 'DELETE_IN_PROGRESS' }];
    expect((await run()).at(-1)).toMatchObject({ what: 'stack', ok: false });
  });

  test('without a stack removes what is left, the bucket of packages too', async () => {
    deployed = undefined;
    await run();
    expect(stage.removed).not.toContain('stack');
    expect(stage.removed).toContain('bucket packages');
    expect(stage.removed).toContain('remove /vpc');
  });

  test('interrupted, it begins no further step', async () => {
    const stop = AbortSignal.abort();
    expect(await run({ stop })).toEqual([]);
    expect(stage.removed).toEqual([]);
  });
});

test('What cannot be looked for is told, and the rest found', async () => {
  stage.queryStore.list = async () => {
    throw Object.assign(new Error('no such action'), { name: 'NotImplemented' });
  };
  const found = await remains();
  expect(found.unknown).toEqual(['saved queries: NotImplemented: no such action']);
  expect(found.parameters).toHaveLength(2);
});
