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

/** What the account's flow logs say of themselves (DescribeFlowLogs). */
export interface FlowLogCatalog {
  /** LogFormat strings by log group. */
  formats(): Promise<Readonly<Record<string, readonly string[]>>>;
}
