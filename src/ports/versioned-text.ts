/** A text of which there is one newest version: the published snapshot, and reconcile's own state. */

export interface StoredText {
  readonly text: string;
  /** Names this version (an ETag). */
  readonly tag: string;
}

export interface VersionedText {
  /** @returns undefined when there is none yet */
  load(): Promise<StoredText | undefined>;
  /**
   * Replaces the text if `previous` still names it (undefined: if there is none). A save whose
   * answer was lost and that is found to have happened counts as saved.
   * @returns the new tag, or `conflict` when another writer was first
   */
  save(text: string, previous: string | undefined): Promise<{ readonly tag: string } | 'conflict'>;
}
