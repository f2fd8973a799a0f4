/** The service's functions, by the ends of their names. */
export const FUNCTIONS: readonly string[];

/** Alarms by name. */
export function serviceAlarms(
  stage: string,
  logGroups?: readonly string[],
  buckets?: readonly object[],
  streams?: readonly string[],
): Readonly<Record<string, object>>;
