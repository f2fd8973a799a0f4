import type { CompiledRule, RuleAlarm } from '../../src/rules/compiled.ts';
import { compileText } from '../rules/one-rule.ts';

const ABOVE_NOTHING: RuleAlarm = { above: 0, period: 60, periods: 1, of: 1 };

/** A rule with an alarm, `alarm` above nothing unless it is given. */
export function alarmed(id: string, more: Partial<CompiledRule> = {}): CompiledRule {
  const { compiled } = compileText(`id: ${id}\nmatch: { dstport: 22 }`);
  if (!compiled) throw new Error('The rule has errors');
  return { ...compiled, alarm: ABOVE_NOTHING, ...more };
}
