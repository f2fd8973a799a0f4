/** What a stage has in an account beside alarms, filters and saved queries, for who removes it. */

export interface OwnedBucket {
  readonly name: string;
  /** Of a stack's packages, or of a stage's state. */
  readonly holds: 'packages' | 'state';
}

export interface StackStatus {
  /** CloudFormation's. */
  readonly status: string;
  readonly reason?: string;
}

export interface Leftovers {
  /** Buckets that carry the stage's tag and the name of one of its buckets. */
  buckets(): Promise<OwnedBucket[]>;
  /**
   * Deletes every object and every version of one.
   * @param onDeleted called with the number deleted so far
   */
  emptyBucket(name: string, onDeleted: (count: number) => void): Promise<number>;
  /** Nothing happens where there is none. */
  deleteBucket(name: string): Promise<void>;
  deleteStack(id: string): Promise<void>;
  stackStatus(id: string): Promise<StackStatus>;
  /** Log groups of the stage's functions. */
  logGroups(): Promise<string[]>;
  /** Nothing happens where there is none. */
  deleteLogGroup(name: string): Promise<void>;
  /** Paths below the stage; nothing is decrypted. */
  parameters(): Promise<{ readonly path: string; readonly secure: boolean }[]>;
  /** At most ten; one that is not there is no error. */
  deleteParameters(paths: readonly string[]): Promise<void>;
}
