import type { Snapshot } from '../../config/snapshot.ts';
import type { SnapshotStore } from '../../ports/snapshot-store.ts';

/** A snapshot in memory: replay and tests. */
export class MemorySnapshotStore implements SnapshotStore {
  #snapshot: Snapshot | undefined;
  #version = 0;

  constructor(snapshot?: Snapshot) {
    if (snapshot !== undefined) this.publish(snapshot);
  }

  publish(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#version++;
  }

  withdraw(): void {
    this.#snapshot = undefined;
  }

  async load(
    tag?: string,
  ): Promise<{ readonly snapshot: Snapshot; readonly tag: string } | 'unchanged' | undefined> {
    if (this.#snapshot === undefined) return undefined;
    const current = String(this.#version);
    return tag === current ? 'unchanged' : { snapshot: this.#snapshot, tag: current };
  }
}
