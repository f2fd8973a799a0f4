/** What a flood of a million addresses costs: node --expose-gc bench/flood.ts */
import { runFlood } from './flood/flood.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const start = performance.now();
const { heavy, scanner, ...figures } = runFlood(count, 1_000);
console.log({
  ...figures,
  heavy: [...heavy],
  scanner: [...scanner],
  ms: performance.now() - start,
});
