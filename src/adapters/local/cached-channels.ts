import { type StoredChannel, storedChannel } from '../../deliver/stored-channel.ts';
import type { ChannelSource } from '../../ports/channel-source.ts';
import type { Log } from '../../ports/log.ts';

export interface CachedChannelsOptions {
  readonly source: ChannelSource;
  /** Unix ms. */
  readonly now: () => number;
  readonly log: Log;
  /** How long channels are used before they are read again, ms. */
  readonly refreshAfter?: number;
}

type Channels = ReadonlyMap<string, StoredChannel>;

/** The channels that a warm function works by: a changed one is in use within a minute. */
export class CachedChannels {
  readonly #source: ChannelSource;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #refreshAfter: number;
  #held: Channels | undefined;
  /** When the source was last asked, Unix ms. */
  #asked = 0;
  #asking: Promise<Channels> | undefined;

  constructor({ source, now, log, refreshAfter = 60_000 }: CachedChannelsOptions) {
    this.#source = source;
    this.#now = now;
    this.#log = log;
    this.#refreshAfter = refreshAfter;
  }

  /**
   * By name. While the source does not answer the old ones stay in use, and the log says so.
   * @throws the source's error when there are no old ones
   */
  get(): Promise<Channels> {
    if (this.#held !== undefined && this.#now() - this.#asked < this.#refreshAfter) {
      return Promise.resolve(this.#held);
    }
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<Channels> {
    this.#asked = this.#now();
    try {
      const texts = await this.#source.read();
      this.#held = new Map(texts.map((text) => [text.name, storedChannel(text)]));
    } catch (error) {
      if (this.#held === undefined) throw error;
      this.#log('warn', 'channels.stale', { reason: (error as Error).message });
    }
    return this.#held;
  }
}
