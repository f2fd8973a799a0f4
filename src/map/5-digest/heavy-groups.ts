/**
 * Keeps the heavy groups when there are too many: the batched form of Misra-Gries. When twice the
 * bound are held, the weight of the bound-th heaviest is taken from all, and those left with none
 * go. Any group above 1/bound of the total stays, at an amortised constant cost a group.
 */
export function heaviest<K>(
  weights: Map<K, number>,
  bound: number,
): { readonly gone: readonly K[] } {
  const sorted = [...weights.values()].sort((a, b) => b - a);
  const cut = sorted[bound] ?? 0;
  const gone: K[] = [];
  for (const [key, weight] of weights) {
    if (weight > cut) weights.set(key, weight - cut);
    else {
      weights.delete(key);
      gone.push(key);
    }
  }
  return { gone };
}
