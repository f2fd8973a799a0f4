import { MemoryAlarmStore } from '../../../src/adapters/local/memory-alarm-store.ts';
import { MemorySavedQueryStore } from '../../../src/adapters/local/memory-saved-query-store.ts';
import * as alarmStore from '../../contracts/alarm-store.ts';
import * as savedQueryStore from '../../contracts/saved-query-store.ts';

alarmStore.runContract({
  name: 'MemoryAlarmStore',
  async make() {
    const store = new MemoryAlarmStore('prod');
    return {
      stage: 'prod',
      store,
      foreign: async (definition) => {
        store.account.set(definition.AlarmName, { definition });
      },
    };
  },
});

savedQueryStore.runContract({
  name: 'MemorySavedQueryStore',
  async make() {
    const account: MemorySavedQueryStore['account'] = new Map();
    return (stage) => new MemorySavedQueryStore(stage, account);
  },
});
