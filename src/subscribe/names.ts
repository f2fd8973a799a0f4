/** What `subscribe` calls the things it makes, so that it knows them again. */
import { createHash } from 'node:crypto';
import { matchesGlob } from '../config/glob.ts';

/** Begins the ids of permissions that are ours. */
const PERMISSION_PREFIX = 'flowlog-alerts-subscribe-';

/** One for all log groups of the account in the region. */
export const SHARED_PERMISSION = `${PERMISSION_PREFIX}all`;

/** The name that the stack's own filters have too. */
export function filterName(stage: string): string {
  return `flowlog-alerts-${stage}`;
}

export function permissionId(group: string): string {
  const hash = createHash('sha256').update(group).digest('hex').slice(0, 16);
  return `${PERMISSION_PREFIX}${hash}`;
}

export function isOurPermission(id: string): boolean {
  return id.startsWith(PERMISSION_PREFIX);
}

export interface Place {
  readonly region: string;
  readonly account: string;
  /** `aws`, `aws-cn` ... */
  readonly partition: string;
}

/** Where an ARN lies. */
export function placeOf(arn: string): Place {
  const [, partition = 'aws', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}

/** As a permission names a log group; `*` for all of them. */
export function groupArn({ partition, region, account }: Place, group: string): string {
  const suffix = group === '*' ? '' : ':*';
  return `arn:${partition}:logs:${region}:${account}:log-group:${group}${suffix}`;
}

/** Whether a permission's source covers the group. */
export function permits(
  { sourceArn = '*' }: { readonly sourceArn?: string },
  place: Place,
  group: string,
): boolean {
  return matchesGlob(sourceArn, groupArn(place, group));
}
