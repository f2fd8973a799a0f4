/** The CloudFormation stack of a stage in one region. */
export interface StageStack {
  readonly name: string;
  readonly id: string;
  readonly region: string;
  readonly account: string;
  /** CloudFormation's, e.g. `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly statusReason?: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Log groups that the stack itself subscribes to: the deploy parameter `logGroups`. */
  readonly logGroups: readonly string[];
  /** How far the clock of this machine is ahead of AWS's, ms. */
  readonly clockSkew?: number;
}

export interface StackReader {
  /** Undefined where there is none. @throws Error what AWS says */
  read(): Promise<StageStack | undefined>;
}
