/** The wall clock, for what must wait between calls. */
export interface Clock {
  /** Unix ms. */
  now(): number;
  sleep(ms: number): Promise<void>;
}
