/** Which statements let CloudWatch Logs start the function for the groups of a plan. */
import type { Permission } from '../ports/subscriptions.ts';
import { groupArn, isOurPermission, type Place, permissionId, SHARED_PERMISSION } from './names.ts';

/** Above so many groups one permission for all: a function's policy holds only 20 KB. */
const MOST_OWN_PERMISSIONS = 20;

export interface NewPermission {
  readonly id: string;
  readonly sourceArn: string;
  readonly account: string;
}

/**
 * Statements to add so that every group is covered; none where all are.
 * @param groups those that no statement covers yet
 */
export function permissionsFor(
  groups: readonly string[],
  present: readonly Permission[],
  place: Place,
): NewPermission[] {
  if (groups.length === 0) return [];
  const { account } = place;
  const shared = { id: SHARED_PERMISSION, sourceArn: groupArn(place, '*'), account };
  const own = present.filter(({ id }) => isOurPermission(id)).length;
  if (own + groups.length > MOST_OWN_PERMISSIONS) return [shared];
  return groups.map((group) => ({
    id: permissionId(group),
    sourceArn: groupArn(place, group),
    account,
  }));
}
