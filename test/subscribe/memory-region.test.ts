import { describe } from '@jest/globals';
import { subscriptionsContract } from '../contracts/subscriptions.ts';
import { FUNCTION, logGroup, MemoryRegion } from './memory-region.ts';

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
