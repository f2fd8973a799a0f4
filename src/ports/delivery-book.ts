/** What has become of each notification on each channel. */

export interface DeliveryKey {
  /** The alert's. */
  readonly id: string;
  /** Orders the messages of one alert: its `seq`. */
  readonly order: number;
  readonly channel: string;
}

/**
 * `claimed`: somebody is at it until `notBefore`; `again`: it failed and waits until then;
 * `delivered` and `parked` are ends.
 */
export type DeliveryState = 'claimed' | 'again' | 'delivered' | 'parked';

export interface DeliveryRow extends DeliveryKey {
  readonly state: DeliveryState;
  /** The queue's name of the message that brought it last. */
  readonly message: string;
  /** First tried, Unix ms. */
  readonly since: number;
  /** Times it was tried, the present one included. */
  readonly attempts: number;
  /** Unix ms. */
  readonly notBefore: number;
  /** Every channel that the same message is for. */
  readonly peers: readonly string[];
  /** Why it failed or waits, without secrets. */
  readonly reason?: string;
}

/** Who does something with a row, and when. */
export interface DeliveryMark {
  /** The queue's name of the message. */
  readonly message: string;
  /** Unix ms. */
  readonly now: number;
}

export interface DeliveryBook {
  /** Every row of an alert, in no order. */
  of(id: string): Promise<DeliveryRow[]>;
  /**
   * Takes a notification, so that nobody else sends it to the channel before `until`. One that was
   * delivered is never given again; one that was parked only to another message, which a person
   * has sent back.
   * @returns undefined when it is not to be had now
   */
  claim(
    key: DeliveryKey,
    claim: DeliveryMark & { readonly until: number; readonly peers: readonly string[] },
  ): Promise<DeliveryRow | undefined>;
  /** Notes that it waits untried, so that later messages of the alert wait as well. */
  postpone(
    key: DeliveryKey,
    wait: DeliveryMark & {
      readonly notBefore: number;
      readonly peers: readonly string[];
      readonly reason: string;
    },
  ): Promise<void>;
  /** Writes what became of it. What was delivered stays so, whatever a slower one has to say. */
  settle(
    key: DeliveryKey,
    end: DeliveryMark & {
      readonly state: 'again' | 'delivered' | 'parked';
      /** For `again`, Unix ms. */
      readonly notBefore?: number;
      readonly reason?: string;
    },
  ): Promise<void>;
}
