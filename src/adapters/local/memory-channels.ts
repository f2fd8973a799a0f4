import type { ChannelStore, ChannelText } from '../../ports/channel-source.ts';

/** Channels in memory. */
export class MemoryChannels implements ChannelStore {
  readonly #texts = new Map<string, string>();

  async read(): Promise<ChannelText[]> {
    return [...this.#texts].map(([name, text]) => ({ name, origin: `channels/${name}`, text }));
  }

  async put(name: string, text: string): Promise<void> {
    this.#texts.set(name, text);
  }

  async remove(name: string): Promise<boolean> {
    return this.#texts.delete(name);
  }
}
