/** What every implementation of the port Leftovers does. */
import { expect, test } from '@jest/globals';
import type { Leftovers } from '../../src/ports/leftovers.ts';

export interface LeftoversWorld {
  readonly leftovers: Leftovers;
  /** A bucket of the stage's state with objects in it. @returns its name */
  newBucket(objects: number): Promise<string>;
  /** A log group of one of the stage's functions. @returns its name */
  newLogGroup(): Promise<string>;
  newParameter(path: string, secure: boolean): Promise<void>;
}

export function leftoversContract(make: () => Promise<LeftoversWorld>): void {
  test('a bucket is emptied and deleted, and that may be done again', async () => {
    const { leftovers, newBucket } = await make();
    const name = await newBucket(3);
    expect(await leftovers.buckets()).toEqual([{ name, holds: 'state' }]);
    expect(await leftovers.emptyBucket(name, () => {})).toBe(3);
    expect(await leftovers.emptyBucket(name, () => {})).toBe(0);
    await leftovers.deleteBucket(name);
    await leftovers.deleteBucket(name);
    expect(await leftovers.buckets()).toEqual([]);
    expect(await leftovers.emptyBucket(name, () => {})).toBe(0);
  });

  test('a log group is deleted, and that may be done again', async () => {
    const { leftovers, newLogGroup } = await make();
    const name = await newLogGroup();
    expect(await leftovers.logGroups()).toEqual([name]);
    await leftovers.deleteLogGroup(name);
    await leftovers.deleteLogGroup(name);
    expect(await leftovers.logGroups()).toEqual([]);
  });

  test('parameters are told by path, in order, and deleted by name', async () => {
    const { leftovers, newParameter } = await make();
    await newParameter('rules/a', false);
    await newParameter('channels/team', true);
    await newParameter('settings', false);
    expect(await leftovers.parameters()).toEqual([
      { path: 'channels/team', secure: true },
      { path: 'rules/a', secure: false },
      { path: 'settings', secure: false },
    ]);
    await leftovers.deleteParameters(['channels/team', 'rules/a', 'rules/gone']);
    expect(await leftovers.parameters()).toEqual([{ path: 'settings', secure: false }]);
  });
}
