import type { StoredText, VersionedText } from '../../src/ports/versioned-text.ts';

/** A text in memory that counts its saves and can let another writer be first. */
export class MemoryText implements VersionedText {
  text: string | undefined;
  saves = 0;
  /** Runs once before the next save, as another writer would. */
  before: (() => void | Promise<void>) | undefined;
  #version = 0;

  async load(): Promise<StoredText | undefined> {
    return this.text === undefined ? undefined : { text: this.text, tag: String(this.#version) };
  }

  async save(text: string, previous: string | undefined) {
    const interruption = this.before;
    this.before = undefined;
    await interruption?.();
    const current = this.text === undefined ? undefined : String(this.#version);
    if (previous !== current) return 'conflict' as const;
    this.overwrite(text);
    return { tag: String(this.#version) };
  }

  overwrite(text: string): void {
    this.text = text;
    this.saves++;
    this.#version++;
  }
}
