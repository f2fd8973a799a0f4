/** What every implementation of the port Subscriptions does. */
import { expect, test } from '@jest/globals';
import type { SubscriptionFilter } from '../../src/ports/flow-log-inventory.ts';
import type { Subscriptions } from '../../src/ports/subscriptions.ts';

export interface SubscriptionsWorld {
  readonly subscriptions: Subscriptions;
  /** A function without any permission. */
  readonly functionArn: string;
  /** A log group without a filter. */
  readonly group: string;
  filters(group: string): Promise<readonly SubscriptionFilter[]>;
}

const ACCOUNT = '123456789012';
const SOURCE = 'arn:aws:logs:us-east-1:123456789012:log-group:/vpc:*';

export function subscriptionsContract(make: () => Promise<SubscriptionsWorld>): void {
  const permission = { id: 'flowlog-alerts-subscribe-a', sourceArn: SOURCE, account: ACCOUNT };

  test('A function without permissions has an empty policy', async () => {
    const { subscriptions, functionArn } = await make();
    expect(await subscriptions.policy(functionArn)).toEqual({ permissions: [], bytes: 0 });
  });

  test('A permission is there once, however often it is given, and tells whom it is for', async () => {
    const { subscriptions, functionArn } = await make();
    await subscriptions.permit(functionArn, permission);
    await subscriptions.permit(functionArn, permission);
    const { permissions, bytes } = await subscriptions.policy(functionArn);
    expect(permissions).toEqual([{ id: permission.id, sourceArn: SOURCE }]);
    expect(bytes).toBeGreaterThan(100);
  });

  test('Withdrawing takes away one permission, and nothing where it is not there', async () => {
    const { subscriptions, functionArn } = await make();
    await subscriptions.permit(functionArn, permission);
    await subscriptions.permit(functionArn, { ...permission, id: 'other' });
    await subscriptions.withdraw(functionArn, permission.id);
    await subscriptions.withdraw(functionArn, permission.id);
    const { permissions } = await subscriptions.policy(functionArn);
    expect(permissions.map(({ id }) => id)).toEqual(['other']);
  });

  test('A filter is put, and put again in its place', async () => {
    const { subscriptions, functionArn, group, filters } = await make();
    await subscriptions.permit(functionArn, permission);
    const filter = { name: 'flowlog-alerts-dev', pattern: '', destination: functionArn };
    await subscriptions.put(group, filter);
    const narrow = { ...filter, pattern: '[..., action="REJECT", status]' };
    await subscriptions.put(group, narrow);
    expect(await filters(group)).toEqual([narrow]);
  });

  test('A filter is removed by its name, and nothing where there is none', async () => {
    const { subscriptions, functionArn, group, filters } = await make();
    await subscriptions.permit(functionArn, permission);
    for (const name of ['one', 'two']) {
      await subscriptions.put(group, { name, pattern: '', destination: functionArn });
    }
    await subscriptions.remove(group, 'one');
    await subscriptions.remove(group, 'one');
    await subscriptions.remove('/no/such/group', 'one');
    expect((await filters(group)).map(({ name }) => name)).toEqual(['two']);
  });

  test('A group that does not exist refuses a filter', async () => {
    const { subscriptions, functionArn } = await make();
    const filter = { name: 'one', pattern: '', destination: functionArn };
    await expect(subscriptions.put('/no/such/group', filter)).rejects.toThrow();
  });
}
