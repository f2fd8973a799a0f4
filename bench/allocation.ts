/** Heap growth of decode, parse and match: a record must not cost an allocation. */
import { compileRuleSet } from '../src/map/4-match/rule-set.ts';
import { Mapper } from '../src/map/map.ts';
import { payloads } from './payloads.ts';
import { scan } from './pipeline.ts';
import { benchSnapshot } from './rules.ts';

export interface Allocation {
  readonly records: number;
  /** Bytes of JavaScript heap that a million records leave behind before any collection. */
  readonly heapBytes: number;
}

/** Needs `node --expose-gc --max-semi-space-size=256`, so that nothing is collected in between. */
export function measureAllocation(size: number): Allocation {
  const batches = Math.max(1, Math.floor(100_000 / size));
  const texts = payloads(size, batches);
  const mapper = new Mapper(compileRuleSet(benchSnapshot(50)), 500);
  for (let i = 0; i < 3; i++) for (const text of texts) scan(mapper, text);
  const { gc } = globalThis;
  if (!gc) throw new Error('run with --expose-gc: npm run bench does');
  gc();
  const before = process.memoryUsage().heapUsed;
  for (const text of texts) scan(mapper, text);
  const grown = process.memoryUsage().heapUsed - before;
  return { records: size * batches, heapBytes: (grown / (size * batches)) * 1_000_000 };
}
