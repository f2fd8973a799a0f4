/**
 * Keeps the heavy groups when there are too many: the batched form of Misra-Gries. When twice the
 * bound are held, the weight of the one after the bound-th is taken from all and only the heaviest
 * `bound` stay, of equal ones the first. No group loses more than 1/bound of the total that way, so
 * any group above that stays, at an amortised constant cost a group.
 * @param weights those that stay, with the weight that is left to them, when it returns
 */
export function heaviest<K>(
  weights: Map<K, number>,
  bound: number,
): { readonly gone: readonly K[] } {
  // By index: to take pairs apart costs an iterator each.
  const sorted = [...weights].sort((a, b) => b[1] - a[1]);
  const cut = sorted[bound]?.[1] ?? 0;
  const gone: K[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const key = sorted[i][0];
    if (i < bound) weights.set(key, sorted[i][1] - cut);
    else {
      weights.delete(key);
      gone.push(key);
    }
  }
  return { gone };
}
