/** Which rules' open alerts hold back the firings of which others. */
import { RESERVED_IDS } from '../config/system-rules.ts';
import type { CompiledRule } from './compiled.ts';
import { SEVERITIES } from './compiled.ts';

type Inhibiting = Pick<CompiledRule, 'id' | 'severity' | 'mode' | 'inhibits'>;
type Inhibited = Pick<CompiledRule, 'id' | 'severity' | 'tags' | 'by'>;

/**
 * Whether open alerts of one rule hold back firings of another: of those named, else those of lower
 * severity, the ones that have every field which must be equal. Never itself or the test alert.
 */
export function mayInhibit(
  { id, severity, mode, inhibits }: Inhibiting,
  other: Inhibited,
): boolean {
  if (!inhibits || mode !== 'live' || other.id === id || RESERVED_IDS.has(other.id)) return false;
  const { rules, severity: severities, equal } = inhibits;
  if (!equal.every((name) => other.by.some(({ field }) => field === name))) return false;
  const named = rules?.some((name) => name === other.id || other.tags.includes(name)) ?? true;
  const rank = (one: CompiledRule['severity']) => SEVERITIES.indexOf(one);
  const ranked = severities
    ? severities.includes(other.severity)
    : rules !== undefined || rank(other.severity) < rank(severity);
  return named && ranked;
}
