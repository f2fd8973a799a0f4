/** A document of the configuration tree, before it is read. */
export interface ConfigDocument {
  /** Path in the tree without stage, e.g. `rules/ssh`, `lists/internal`, `settings`. */
  readonly path: string;
  readonly text: string;
  /** What a person would open: file name or parameter name. */
  readonly origin: string;
  /** Last change, Unix ms, where known: of two rules with one id the older stays in force. */
  readonly modified?: number;
}

/** Reads the whole tree: Parameter Store or a directory. */
export interface ConfigSource {
  read(): Promise<ConfigDocument[]>;
}

/** How the flow logs of one log group were set up, as far as it is known. */
export interface FlowLogFacts {
  /** Aggregation in seconds: the longest, where several flow logs write to the group. */
  readonly interval?: 60 | 600;
  /** What is recorded; flow logs of transit gateways do not say. */
  readonly traffic?: 'ACCEPT' | 'REJECT' | 'ALL';
}

export interface DescribedFlowLogs {
  /** LogFormat strings by log group. */
  readonly formats: Readonly<Record<string, readonly string[]>>;
  /** By log group. */
  readonly flowLogs: Readonly<Record<string, FlowLogFacts>>;
}

/** What the account's flow logs say of themselves (DescribeFlowLogs). */
export interface FlowLogCatalog {
  describe(): Promise<DescribedFlowLogs>;
}
