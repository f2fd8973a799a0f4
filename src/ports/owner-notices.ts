/** Tells the service's owner, by the topic for its own troubles. */
export interface OwnerNotices {
  /**
   * @param subject ASCII, one line, under 100 characters
   * @throws Error when it was not accepted
   */
  publish(subject: string, text: string): Promise<void>;
}
