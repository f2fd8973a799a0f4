/** Which names are a stage's own. A stage `prod` must not take what belongs to `prod-eu`. */

/** Every function that a version of the service has had, or will have. */
const FUNCTIONS = [
  'logs',
  'objects',
  'stream',
  'reduce',
  'tick',
  'reconcile',
  'deliver',
  'inventory',
];

/** Logical ids of the stack's buckets, as CloudFormation writes them into names. */
const BUCKETS = { statebucket: 'state', serverlessdeploymentbucket: 'packages' } as const;

export function functionLogGroups(stage: string): string[] {
  return FUNCTIONS.map((name) => `/aws/lambda/flowlog-alerts-${stage}-${name}`);
}

/** CloudFormation names a bucket after stack, logical id and twelve or so random characters. */
export function bucketOf(stage: string, name: string): 'state' | 'packages' | undefined {
  const prefix = `flowlog-alerts-${stage}-`.toLowerCase();
  if (!name.startsWith(prefix)) return undefined;
  const [logicalId = '', random = '', ...rest] = name.slice(prefix.length).split('-');
  if (rest.length > 0 || !/^[a-z0-9]+$/.test(random)) return undefined;
  // A long stack name is cut, never the logical id.
  return Object.hasOwn(BUCKETS, logicalId) ? BUCKETS[logicalId as keyof typeof BUCKETS] : undefined;
}

/** @param tags of the bucket */
export function isTagged(
  stage: string,
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): boolean {
  const has = (key: string, value: string) =>
    tags.some(({ Key, Value }) => Key === key && Value === value);
  return has('service', 'flowlog-alerts') && has('stage', stage);
}
