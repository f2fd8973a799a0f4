/** A plan of subscriptions, one object a line. */
import type { RegionPlan } from '../subscribe/plan.ts';

export function jsonLines({ region, groups, ...plan }: RegionPlan): string[] {
  const { elsewhere, failing, twice, uncovered } = plan;
  const rows: readonly object[] = [
    ...groups.map((group) => ({ kind: 'group', ...group })),
    ...elsewhere.map((flowLog) => ({ kind: 'elsewhere', region, ...flowLog })),
    ...failing.map((flowLog) => ({ kind: 'failing', region, ...flowLog })),
    ...twice.map(({ first, second, groups: into }) => ({
      kind: 'twice',
      region,
      flowLogs: [first.id, second.id],
      resources: [first.resource, second.resource],
      groups: into,
    })),
    ...uncovered.map((vpc) => ({ kind: 'uncovered', ...vpc })),
  ];
  return rows.map((row) => JSON.stringify(row));
}
