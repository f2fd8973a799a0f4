/** What every implementation of the port FlowLogInventory does. */
import { expect, test } from '@jest/globals';
import type { FlowLogInventory } from '../../src/ports/flow-log-inventory.ts';

export interface InventoryWorld {
  readonly inventory: FlowLogInventory;
  /** A log group without filters. @returns its name */
  newGroup(retentionDays?: number): Promise<string>;
  newFilter(group: string, name: string, pattern: string): Promise<void>;
  /** A VPC without interfaces. @returns its id */
  newVpc(): Promise<string>;
  /** @returns its id */
  newInterface(vpc: string): Promise<string>;
}

export function flowLogInventoryContract(make: () => Promise<InventoryWorld>): void {
  test('a log group has its class, retention and filters', async () => {
    const { inventory, newGroup, newFilter } = await make();
    const name = await newGroup(30);
    await newFilter(name, 'siem', '[a]');
    expect(await inventory.group(name)).toEqual({
      name,
      logClass: 'STANDARD',
      retentionDays: 30,
      filters: [{ name: 'siem', pattern: '[a]', destination: expect.any(String) }],
    });
    expect(await inventory.groupNames()).toContain(name);
  });

  test('a log group that keeps events for ever has no retention', async () => {
    const { inventory, newGroup } = await make();
    const found = await inventory.group(await newGroup());
    expect(found).toMatchObject({ filters: [] });
    expect(found).not.toHaveProperty('retentionDays');
  });

  test('the beginning of a name is no log group, and one without events has no last one', async () => {
    const { inventory, newGroup } = await make();
    const name = await newGroup();
    expect(await inventory.group(name.slice(0, -1))).toBeUndefined();
    expect(await inventory.lastEvent(name)).toBeUndefined();
  });

  test('a VPC is used once it has an interface', async () => {
    const { inventory, newVpc, newInterface } = await make();
    const vpc = await newVpc();
    expect(await inventory.isUsed(vpc)).toBe(false);
    expect((await inventory.network()).vpcs.map(({ id }) => id)).toContain(vpc);
    await newInterface(vpc);
    expect(await inventory.isUsed(vpc)).toBe(true);
  });

  test('of interfaces those are told that are there', async () => {
    const { inventory, newVpc, newInterface } = await make();
    const vpc = await newVpc();
    const id = await newInterface(vpc);
    const found = await inventory.interfaces([id, 'eni-00000000000000000']);
    expect(found).toEqual([{ id, subnet: expect.any(String), vpc }]);
  });
}
