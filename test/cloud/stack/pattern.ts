import type { Pattern } from './deployed.ts';

/** Whether an event meets an EventBridge or event-source pattern of literals and prefixes. */
export function meets(pattern: Pattern, event: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    const found = event[key];
    if (Array.isArray(wanted)) return wanted.some((one) => leafMeets(one, found));
    return (
      typeof found === 'object' &&
      found !== null &&
      meets(wanted as Pattern, found as Record<string, unknown>)
    );
  });
}

function leafMeets(wanted: unknown, found: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return wanted === found;
  const [operator, operand] = Object.entries(wanted)[0] ?? [];
  if (operator !== 'prefix') throw new Error(`The harness does not know the pattern ${operator}`);
  return typeof found === 'string' && found.startsWith(String(operand));
}
