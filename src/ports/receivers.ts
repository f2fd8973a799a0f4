/** Receivers inside AWS: SNS topics and Security Hub. */

export interface TopicMessage {
  /** ARN. */
  readonly topic: string;
  readonly message: string;
  readonly subject?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Topics {
  /** @throws PermanentNotifyError when trying again cannot help; any other error is tried again */
  publish(message: TopicMessage): Promise<void>;
}

export interface Findings {
  /**
   * Adds or updates one finding in the AWS Security Finding Format.
   * @throws PermanentNotifyError when trying again cannot help; any other error is tried again
   */
  put(finding: Readonly<Record<string, unknown>>): Promise<void>;
}
