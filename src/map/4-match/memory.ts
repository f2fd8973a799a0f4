/** Fingerprints: whether what was remembered under a rule before is what it remembers now. */
import { createHash } from 'node:crypto';
import { FIVE_TUPLE, sumFieldOf } from '../../detect/index.ts';
import type { CompiledRule, Detect } from '../../rules/compiled.ts';

/**
 * Names what a rule remembers: while it stays, memory survives a change of the rule. Thresholds and
 * what is only told of a firing are no part of it.
 */
export function memoryOf(rule: CompiledRule, slot: number, slots: number): string {
  const { match, by, detect } = rule;
  return hashOf([match, by, slot, slots, detect.kind, sumFieldOf(rule), ...rememberedBy(detect)]);
}

/** Names the rules of a set and what each of them remembers. */
export function fingerprintOf(
  rules: readonly { readonly rule: CompiledRule; readonly memory: string }[],
): string {
  return hashOf(rules.map(({ rule, memory }) => [rule.id, memory]));
}

/** What the memory of a kind depends on beside match, group and slots. */
function rememberedBy(detect: Detect): unknown[] {
  switch (detect.kind) {
    case 'count':
      return detect.of === 'connections' ? [FIVE_TUPLE] : [];
    case 'distinct':
      return [detect.fields];
    case 'ratio':
    case 'visibility':
      return [detect.of];
    case 'spike':
      return [detect.baseline];
    case 'new':
      return [detect.fields, detect.forget];
    case 'absent':
      return [detect.for];
    case 'sequence':
      return [
        detect.steps.map((step) =>
          'rule' in step ? { rule: step.rule } : { match: step.match, distinct: step.distinct },
        ),
      ];
    default:
      return [];
  }
}

function hashOf(remembered: unknown): string {
  return createHash('sha256').update(JSON.stringify(remembered)).digest('hex').slice(0, 12);
}
