/** All findings about a stage, by area. */
import { CHECKS } from './checks/index.ts';
import type { Facts } from './facts.ts';
import { AREAS, type Finding } from './finding.ts';

export function diagnose(facts: Facts): Finding[] {
  const findings = CHECKS.flatMap((check) => check(facts));
  return AREAS.flatMap((area) => findings.filter((finding) => finding.area === area));
}
