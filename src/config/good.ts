/** Last good versions: what stays in force while a newer text has errors. */
import type { ConfigDocument } from '../ports/config-source.ts';

export interface GoodVersion {
  readonly path: string;
  readonly origin: string;
  /** One document; of a text that held several rules, this rule's part. */
  readonly text: string;
}

/** By document: `rule ID`, or the path of a list part, filter or the settings. */
export type GoodVersions = Readonly<Record<string, GoodVersion>>;

export function ruleKey(id: string): string {
  return `rule ${id}`;
}

/** Remembers what is good now and looks up what was good before. */
export class GoodKeeper {
  readonly #previous: ReadonlyMap<string, GoodVersion>;
  readonly #current = new Map<string, GoodVersion>();

  constructor(previous: GoodVersions = {}) {
    this.#previous = new Map(Object.entries(previous));
  }

  keep(key: string, { path, origin }: ConfigDocument, text: string): void {
    this.#current.set(key, { path, origin, text });
  }

  /** The version to fall back on, which is thereby kept for the next time too, in place of any other. */
  fallBack(key: string): ConfigDocument | undefined {
    const version = this.#previous.get(key);
    if (version) this.#current.set(key, version);
    else this.#current.delete(key);
    return version;
  }

  /** Keys of former versions that came from a path. */
  formerly(path: string): string[] {
    const former = [...this.#previous].filter(([, version]) => version.path === path);
    return former.map(([key]) => key);
  }

  /** Keys of former versions below a path, and itself. */
  formerlyUnder(path: string): string[] {
    const keys = [...this.#previous.keys()];
    return keys.filter((key) => key === path || key.startsWith(`${path}/`)).sort();
  }

  versions(): GoodVersions {
    return Object.fromEntries([...this.#current].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
