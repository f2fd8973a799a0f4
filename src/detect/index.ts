import type { CompiledRule, Detect } from '../rules/compiled.ts';
import { absent } from './absent.ts';
import { beacon } from './beacon.ts';
import { count } from './count.ts';
import { distinct } from './distinct.ts';
import { every } from './every.ts';
import type { Carried, DetectKind } from './kind.ts';
import { newTuple } from './new.ts';
import { ratio } from './ratio.ts';
import { sequence } from './sequence.ts';
import { spike } from './spike.ts';
import { sum } from './sum.ts';
import { unanswered } from './unanswered.ts';
import { visibility } from './visibility.ts';

export { FIVE_TUPLE } from './parts.ts';

/** Every kind there is; a new one is a module beside these and a line here. */
const KINDS = {
  every,
  count,
  sum,
  distinct,
  ratio,
  spike,
  new: newTuple,
  absent,
  beacon,
  unanswered,
  sequence,
  visibility,
} satisfies { [K in Detect['kind']]: DetectKind<Extract<Detect, { kind: K }>> };

/** The kind of a rule's detection. */
export function kindOf(detect: Detect): DetectKind {
  return KINDS[detect.kind] as DetectKind;
}

/** What digests of a rule carry beside totals. */
export function carriedBy(detect: Detect): Carried {
  return kindOf(detect).carries(detect);
}

/** Field whose sum a rule's digests carry: that of its detection, else of its metric. */
export function sumFieldOf({
  detect,
  metric,
}: Pick<CompiledRule, 'detect' | 'metric'>): string | undefined {
  const own = kindOf(detect).sumField(detect);
  return own ?? (typeof metric?.value === 'object' ? metric.value.sum : undefined);
}

/** Whether the kind finds when an alert is over; that of others is, after a time without a firing. */
export function findsEnds(detect: Detect): boolean {
  const kind = kindOf(detect);
  return kind.timing === 'history' && kind.endedAt !== undefined;
}
