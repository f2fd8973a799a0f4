import { describe } from '@jest/globals';
import { leftoversContract } from '../contracts/leftovers.ts';
import { MemoryStage } from './memory-leftovers.ts';

describe('Leftovers in memory', () => {
  leftoversContract(async () => {
    const stage = new MemoryStage();
    return {
      leftovers: stage,
      newBucket: async (objects) => {
        stage.owned.push({ name: 'state', holds: 'state' });
        stage.objects.set('state', objects);
        return 'state';
      },
      newLogGroup: async () => {
        stage.groups.push('/aws/lambda/flowlog-alerts-dev-logs');
        return '/aws/lambda/flowlog-alerts-dev-logs';
      },
      newParameter: async (path, secure) => {
        stage.tree.push({ path, secure });
      },
    };
  });
});
