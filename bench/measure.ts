/** Times two things in turn, so that their ratio holds when the machine's speed drifts. */

/** Seconds that `run` takes. */
function seconds(run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Median times of several things run in turn, `rounds` times after two to warm up. */
export function inTurn(rounds: number, runs: readonly (() => void)[]): number[] {
  const times: number[][] = runs.map(() => []);
  for (let round = -2; round < rounds; round++) {
    runs.forEach((run, i) => {
      const time = seconds(run);
      if (round >= 0) times[i]?.push(time);
    });
  }
  return times.map(median);
}
