export interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

export function dashboardBody(
  stage: string,
  logGroups: readonly string[],
  buckets?: readonly object[],
  streams?: readonly string[],
): { readonly start: string; readonly periodOverride: string; readonly widgets: readonly Widget[] };
