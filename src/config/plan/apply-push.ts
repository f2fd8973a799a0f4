/** Carries a plan out, at the pace that Parameter Store allows. */
import type { Clock } from '../../ports/clock.ts';
import { MOST_DELETED, type ParameterWriter } from '../../ports/parameter-writer.ts';
import { Paced } from '../paced.ts';
import { type Base, hashOf } from './base.ts';
import type { WantedParameter } from './parameters.ts';
import type { PushStep } from './push-plan.ts';

/**
 * Parameter Store takes 3 writes a second of all who write in an account and region together; ms
 * between two of ours.
 * @see https://docs.aws.amazon.com/general/latest/gr/ssm.html
 */
export const WRITE_PAUSE = 400;

export interface ApplyOptions {
  readonly writer: ParameterWriter;
  /** Its sleep ends early when `stop` is aborted. */
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Overwrites what appeared since the plan was made. */
  readonly force?: boolean;
  /** Told after each parameter that was written or deleted. */
  readonly onDone?: (path: string) => void;
  /** Given the base after each of them, so that whatever ends the push, it is known how far it came. */
  readonly saveBase: (base: Base) => Promise<void>;
}

export interface Applied {
  written: number;
  deleted: number;
  /** The run was interrupted before its end. */
  stopped: boolean;
  /** Created by somebody else since the plan was made, and left alone. */
  readonly appeared: string[];
  /** Written by somebody else since the plan was made, and overwritten. */
  readonly overtaken: { readonly path: string; readonly version: number; readonly user?: string }[];
}

/**
 * @param writes documents to write, in order
 * @param deletes documents to delete, in order
 * @param base what is known to be the same on both sides
 */
export async function applyPush(
  writes: readonly PushStep[],
  deletes: readonly PushStep[],
  base: Base,
  options: ApplyOptions,
): Promise<Applied> {
  return new Push(base, options).run(writes, deletes);
}

class Push {
  readonly #options: ApplyOptions;
  readonly #base: Base;
  readonly #parameters: Map<string, { hash: string; version: number }>;
  readonly #applied: Applied = {
    written: 0,
    deleted: 0,
    stopped: false,
    appeared: [],
    overtaken: [],
  };
  readonly #pace: Paced;

  constructor(base: Base, options: ApplyOptions) {
    this.#pace = new Paced({ clock: options.clock, gap: WRITE_PAUSE, until: Infinity });
    this.#base = base;
    this.#parameters = new Map(base.parameters);
    this.#options = options;
  }

  async run(writes: readonly PushStep[], deletes: readonly PushStep[]): Promise<Applied> {
    for (const step of writes) {
      const versions = new Map(step.stored?.parameters.map(({ path, version }) => [path, version]));
      for (const parameter of step.writes) {
        if (!(await this.#paced(() => this.#write(parameter, versions.get(parameter.path))))) {
          return this.#applied;
        }
      }
      // Values have moved to other parts by now: none is missing for a while.
      if (!(await this.#delete(step.removals))) return this.#applied;
    }
    await this.#delete(deletes.flatMap(({ removals }) => removals));
    return this.#applied;
  }

  async #write(parameter: WantedParameter, known: number | undefined): Promise<void> {
    const { writer, force } = this.#options;
    const { path, text } = parameter;
    const create = known === undefined && !force;
    let version = await writer.put(path, text, create);
    if (version === 'exists') {
      const last = (await writer.history(path)).at(-1);
      // A try whose answer was lost has written it.
      if (last?.text !== text) {
        this.#applied.appeared.push(path);
        return;
      }
      version = last.version;
    } else if (version > (known ?? 0) + 1) await this.#lookBack(parameter, known ?? 0, version);
    this.#applied.written++;
    this.#parameters.set(path, { hash: hashOf(parameter), version });
    await this.#tell([path]);
  }

  /** Somebody wrote between the plan and this write: it is in the history, and the user is told. */
  async #lookBack({ path, text }: WantedParameter, known: number, written: number): Promise<void> {
    const changes = await this.#options.writer.history(path);
    for (const change of changes) {
      if (change.version <= known || change.version >= written || change.text === text) continue;
      const { version, user } = change;
      this.#applied.overtaken.push({ path, version, ...(user !== undefined && { user }) });
    }
  }

  async #delete(paths: readonly string[]): Promise<boolean> {
    for (let i = 0; i < paths.length; i += MOST_DELETED) {
      const some = paths.slice(i, i + MOST_DELETED);
      if (!(await this.#paced(() => this.#options.writer.delete(some)))) return false;
      this.#applied.deleted += some.length;
      for (const path of some) this.#parameters.delete(path);
      await this.#tell(some);
    }
    return true;
  }

  async #tell(paths: readonly string[]): Promise<void> {
    await this.#options.saveBase({ ...this.#base, parameters: this.#parameters });
    for (const path of paths) this.#options.onDone?.(path);
  }

  /** Does something at its time; false where the run was interrupted before. */
  async #paced(call: () => Promise<void>): Promise<boolean> {
    let begun = false;
    const failed = await this.#pace.call(async () => {
      if (this.#options.stop.aborted) return;
      begun = true;
      await call();
    });
    if (failed instanceof Error) throw failed;
    this.#applied.stopped = !begun;
    return begun;
  }
}
