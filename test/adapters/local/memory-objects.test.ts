import { MemoryObjects } from '../../../src/adapters/local/memory-objects.ts';
import { runContract } from '../../contracts/object-reader.ts';

runContract({
  name: 'MemoryObjects',
  make: async () => {
    const reader = new MemoryObjects(1_000);
    return { reader, bucket: 'b', put: async (key, bytes) => reader.put('b', key, bytes) };
  },
});
