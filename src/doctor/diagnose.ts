/** All findings about a stage, by area. */
import { checks } from './checks/index.ts';
import type { TooNarrow } from './checks/log-groups.ts';
import type { Facts } from './facts.ts';
import { AREAS, type Finding } from './finding.ts';

export function diagnose(facts: Facts, tooNarrow: TooNarrow): Finding[] {
  const findings = checks(tooNarrow).flatMap((check) => check(facts));
  return AREAS.flatMap((area) => findings.filter((finding) => finding.area === area));
}
