export interface BucketPrefix {
  readonly bucket: string;
  /** Without a slash at either end; empty for the whole bucket. */
  readonly prefix: string;
}

export function objectsResources(
  buckets: readonly BucketPrefix[],
  keys: readonly string[],
  role: { readonly assumedByLambda: object; readonly permissionsBoundary: unknown },
): Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;
