/** A message as a queue hands it out. */
export interface QueueMessage {
  /** The queue's name for it, the same each time it comes. */
  readonly id: string;
  /** Names this one handing out. */
  readonly receipt: string;
  readonly body: string;
  /** When it was put into the queue, Unix ms. */
  readonly sentAt: number;
  /** How often it was handed out, this time included. */
  readonly receives: number;
}

export interface MessageQueue {
  /** Lets a message come back after so many seconds instead of the queue's own time. */
  hide(message: QueueMessage, seconds: number): Promise<void>;
}
