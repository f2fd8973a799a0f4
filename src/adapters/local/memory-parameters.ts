import type {
  ParameterChange,
  ParameterSource,
  ParameterWriter,
  StoredParameter,
} from '../../ports/parameter-writer.ts';

/** Parameter Store in memory: texts with their versions and history. */
export class MemoryParameters implements ParameterSource, ParameterWriter {
  /** Every put and delete, in order. */
  readonly calls: string[] = [];
  readonly #parameters = new Map<string, ParameterChange[]>();
  readonly #now: () => number;
  readonly #user: string;

  /** @param now Unix ms */
  constructor(now: () => number = () => 0, user = 'arn:aws:iam::123456789012:user/memory') {
    this.#now = now;
    this.#user = user;
  }

  async read(): Promise<StoredParameter[]> {
    return [...this.#parameters]
      .filter(([path]) => !path.startsWith('channels/'))
      .map(([path, changes]) => {
        const { text, version, modified = 0 } = changes[changes.length - 1];
        return { path, text, origin: `/flowlog-alerts/memory/${path}`, version, modified };
      });
  }

  async put(path: string, text: string, create: boolean): Promise<number | 'exists'> {
    const changes = this.#parameters.get(path) ?? [];
    if (create && changes.length > 0) return 'exists';
    const version = changes.length + 1;
    changes.push({ version, text, user: this.#user, modified: this.#now() });
    this.#parameters.set(path, changes);
    this.calls.push(`put ${path}`);
    return version;
  }

  async delete(paths: readonly string[]): Promise<void> {
    for (const path of paths) this.#parameters.delete(path);
    this.calls.push(`delete ${paths.join(' ')}`);
  }

  async history(path: string): Promise<ParameterChange[]> {
    return [...(this.#parameters.get(path) ?? [])];
  }
}
