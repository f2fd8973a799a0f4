import type { Snapshot } from '../config/snapshot.ts';

/** The published configuration. */
export interface SnapshotStore {
  /** The newest snapshot, `unchanged` when `tag` still names it, undefined when there is none. */
  load(
    tag?: string,
  ): Promise<{ readonly snapshot: Snapshot; readonly tag: string } | 'unchanged' | undefined>;
}
