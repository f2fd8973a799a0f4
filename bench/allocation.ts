/** Heap growth of decode, parse and match: a record must not cost an allocation. */
import { compileRuleSet } from '../src/map/4-match/rule-set.ts';
import { Mapper } from '../src/map/map.ts';
import { payloads } from './payloads.ts';
import { parseNaively, scan } from './pipeline.ts';
import { benchSnapshot } from './rules.ts';

export interface Allocation {
  /** Bytes of JavaScript heap that a record leaves behind before any collection. */
  readonly ours: number;
  /** The same for JSON.parse and split into an object a record. */
  readonly naive: number;
}

/** Needs `node --expose-gc --max-semi-space-size=256`, so that nothing is collected in between. */
export function measureAllocation(size: number): Allocation {
  const batches = Math.max(1, Math.floor(100_000 / size));
  const texts = payloads(size, batches);
  const mapper = new Mapper(compileRuleSet(benchSnapshot(50)), 500);
  const scanAll = () => {
    for (const text of texts) scan(mapper, text);
  };
  const parseAll = () => {
    for (const text of texts) parseNaively(text);
  };
  return { ours: growth(scanAll) / (size * batches), naive: growth(parseAll) / (size * batches) };
}

function growth(run: () => void): number {
  for (let i = 0; i < 3; i++) run();
  const { gc } = globalThis;
  if (!gc) throw new Error('run with --expose-gc: npm run bench does');
  gc();
  const before = process.memoryUsage().heapUsed;
  run();
  return process.memoryUsage().heapUsed - before;
}
