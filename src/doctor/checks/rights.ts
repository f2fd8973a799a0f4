/** What could not be asked, and which right it takes. */
import type { Check, Fact } from '../facts.ts';
import { type Finding, warn } from '../finding.ts';

export const rightsCheck: Check = (facts) => {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const fact of Object.values(facts) as readonly (Fact<unknown> | undefined)[]) {
    if (typeof fact !== 'object' || fact === null || !('unknown' in fact)) continue;
    const what = `not known: ${fact.unknown} (${fact.reason})`;
    if (seen.has(what)) continue;
    seen.add(what);
    const mend =
      fact.right === undefined
        ? undefined
        : `allow ${fact.right}; docs/iam/doctor.json has all that doctor asks for`;
    findings.push(warn('Stack', what, mend));
  }
  return findings;
};
