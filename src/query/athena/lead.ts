/** What a rule has to know of the time before the span that is asked about. */
import type { CompiledRule } from '../../rules/compiled.ts';
import { effectiveWindow } from '../../rules/windows.ts';

/** Seconds before the span that its first windows look back to. */
export function leadOf({ detect, window }: CompiledRule): number {
  const own = window === undefined ? 0 : effectiveWindow(window);
  if (detect.kind === 'spike') return own + detect.baseline;
  return detect.kind === 'new' ? Math.max(detect.learn, detect.forget) : own;
}
