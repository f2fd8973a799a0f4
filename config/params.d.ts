export interface DeployParams {
  readonly logGroups: readonly string[];
  readonly alertEmail: string;
  readonly ownerEmail: string;
  readonly alarmActions: readonly string[];
  readonly retention: number;
  readonly shards: string;
  readonly ocsfTopics: readonly (string | { readonly Ref: string })[];
  readonly permissionsBoundary: string | { readonly Ref: string };
}

export function checkParams(raw: Readonly<Record<string, string | number>>): DeployParams;
