/** Writes the configuration tree where a deployment reads it: Parameter Store. */
import type { ConfigDocument, ConfigSource } from './config-source.ts';

/** A document as it is stored. */
export interface StoredParameter extends ConfigDocument {
  /** Counts the writes of this parameter, from 1; it starts again when it is deleted. */
  readonly version: number;
  /** Names the tree's account and region: the ARN of its root. */
  readonly place?: string;
  /** It is encrypted, and its text is not the real one. */
  readonly secure?: true;
}

export interface ParameterSource extends ConfigSource {
  read(): Promise<StoredParameter[]>;
}

/** One write of a parameter, as its history keeps it. */
export interface ParameterChange {
  readonly version: number;
  readonly text: string;
  /** ARN of who wrote it, where it is known. */
  readonly user?: string;
  /** Unix ms. */
  readonly modified?: number;
}

export interface ParameterWriter {
  /**
   * Writes one parameter.
   * @param path in the tree without stage
   * @param create refuses to replace one that is there
   * @returns its new version, or `exists`
   * @throws Refusal `throttled` when it should be tried again later
   */
  put(path: string, text: string, create: boolean): Promise<number | 'exists'>;
  /** Deletes at most ten; one that is not there is no error. */
  delete(paths: readonly string[]): Promise<void>;
  /** All writes that are kept, the oldest first; none where it is not there. */
  history(path: string): Promise<ParameterChange[]>;
}

/** The most that are deleted at once. */
export const MOST_DELETED = 10;
