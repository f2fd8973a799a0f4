import { MemoryParameters } from '../../../src/adapters/local/memory-parameters.ts';
import { runContract } from '../../contracts/parameter-tree.ts';

runContract({
  name: 'MemoryParameters',
  async make() {
    const parameters = new MemoryParameters();
    return { source: parameters, writer: parameters };
  },
});
