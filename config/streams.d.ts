/** Who may write to the stack's stream beside its own account. */
export interface StreamSenders {
  readonly accounts: readonly string[];
  readonly organization?: string;
}

export function streamResources(
  stage: string,
  params: {
    readonly streams: readonly string[];
    readonly keys: readonly string[];
    /** `on-demand`, a number of shards, or nothing for no stream. */
    readonly made: string;
    readonly senders: StreamSenders;
  },
  role: { readonly assumedByLambda: object; readonly permissionsBoundary: unknown },
): Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;
