import { describe } from '@jest/globals';
import { flowLogInventoryContract } from '../contracts/flow-log-inventory.ts';
import { subscriptionsContract } from '../contracts/subscriptions.ts';
import { FUNCTION, filter, logGroup, MemoryRegion } from './memory-region.ts';

describe('Subscriptions in memory', () => {
  subscriptionsContract(async () => {
    const region = new MemoryRegion().add(logGroup('/vpc'));
    return {
      subscriptions: region,
      functionArn: FUNCTION,
      group: '/vpc',
      filters: async (group) => region.groups.get(group)?.filters ?? [],
    };
  });
});

describe('An inventory in memory', () => {
  flowLogInventoryContract(async () => {
    const region = new MemoryRegion();
    return {
      inventory: region,
      newGroup: async (retentionDays) => {
        const { retentionDays: _, ...group } = logGroup('/vpc');
        region.add({ ...group, ...(retentionDays !== undefined && { retentionDays }) });
        return '/vpc';
      },
      newFilter: (group, name, pattern) => region.put(group, filter(name, FUNCTION, pattern)),
      newVpc: async () => {
        region.net = { vpcs: [{ id: 'vpc-1', cidr: '10.0.0.0/16' }], subnets: [] };
        return 'vpc-1';
      },
      newInterface: async (vpc) => {
        region.used.add(vpc);
        region.enis.push({ id: 'eni-1', subnet: 'subnet-1', vpc });
        return 'eni-1';
      },
    };
  });
});
