import type { AthenaTable } from './params.js';

export function athenaResources(
  table: AthenaTable | undefined,
  stage: string,
): {
  readonly Resources: Readonly<Record<string, unknown>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
};
