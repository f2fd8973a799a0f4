import type { Alert } from '../alerts/alert.ts';

/** Hands an alert to whoever reads it. */
export interface Notifier {
  /**
   * @returns what the other side calls the message, for the log
   * @throws PermanentNotifyError when trying again cannot help; any other error is tried again
   */
  publish(alert: Alert): Promise<string | undefined>;
}

export class PermanentNotifyError extends Error {
  override readonly name = 'PermanentNotifyError';
}

/** Where a notification or batch that cannot go on is kept, with its reason, for a person. */
export interface DeadLetters {
  park(letter: {
    readonly kind: 'notification' | 'batch' | 'digest';
    readonly reason: string;
    /** The channel that did not take a notification, where it was for one. */
    readonly channel?: string;
    readonly body: string;
  }): Promise<void>;
}
