export const MAX_OWN_PERMISSIONS: number;

export function subscriptionResources(
  groups: readonly string[],
  stage: string,
): Record<string, unknown>;
