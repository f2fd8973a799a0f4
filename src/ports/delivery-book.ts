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
  /** Why it failed, without secrets. */
  readonly reason?: string;
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
    claim: { readonly message: string; readonly now: number; readonly until: number },
  ): Promise<DeliveryRow | undefined>;
  /** Writes what became of it. What was delivered stays so, whatever a slower one has to say. */
  settle(
    key: DeliveryKey,
    end: {
      readonly state: 'again' | 'delivered' | 'parked';
      readonly message: string;
      readonly now: number;
      /** For `again`, Unix ms. */
      readonly notBefore?: number;
      readonly reason?: string;
    },
  ): Promise<void>;
}
