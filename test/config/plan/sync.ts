/** A folder and a stage in memory, between which trees are pushed and pulled as the verbs do it. */
import { MemoryParameters } from '../../../src/adapters/local/memory-parameters.ts';
import { agreedAfterPull, agreedBeforePush } from '../../../src/config/plan/agreed.ts';
import { type Applied, applyPush } from '../../../src/config/plan/apply-push.ts';
import { type Base, parseBase, serializeBase } from '../../../src/config/plan/base.ts';
import { deleteOrder, writeOrder } from '../../../src/config/plan/order.ts';
import { documentsOf } from '../../../src/config/plan/parameters.ts';
import { type PullOptions, type PullStep, planPull } from '../../../src/config/plan/pull-plan.ts';
import {
  localDocuments,
  type PushOptions,
  type PushPlan,
  planPush,
} from '../../../src/config/plan/push-plan.ts';
import { judgePush } from '../../../src/config/plan/verdict.ts';
import type { ParameterWriter } from '../../../src/ports/parameter-writer.ts';
import { tree } from '../trees.ts';

export type Files = Record<string, string>;

export interface PushRun extends PushOptions {
  readonly writer?: ParameterWriter;
  readonly stop?: AbortSignal;
  readonly onDone?: (path: string) => void;
}

export class Folder {
  files: Files;
  readonly there: MemoryParameters;
  /** As the file beside the folder has it. */
  base: string | undefined;
  /** ms that were waited. */
  waited = 0;

  constructor(files: Files, there = new MemoryParameters()) {
    this.files = files;
    this.there = there;
  }

  async plan(options: PushOptions = {}): Promise<PushPlan> {
    const stored = documentsOf(await this.there.read());
    return planPush(localDocuments(tree(this.files)), stored, this.#base(), options);
  }

  async push(run: PushRun = {}): Promise<Applied> {
    const plan = await this.plan(run);
    const { before, after } = judgePush(plan, []);
    const agreed = agreedBeforePush(plan.steps, this.#base(), undefined);
    this.base = serializeBase(agreed);
    const writes = writeOrder(plan.steps, after.rules);
    return applyPush(writes, deleteOrder(plan.steps, before.rules), agreed, {
      writer: run.writer ?? this.there,
      clock: {
        now: () => this.waited,
        sleep: async (ms) => {
          this.waited += ms;
        },
      },
      stop: run.stop ?? new AbortController().signal,
      ...(run.force && { force: true }),
      ...(run.onDone && { onDone: run.onDone }),
      saveBase: async (base) => {
        this.base = serializeBase(base);
      },
    });
  }

  async pull(options: PullOptions = {}): Promise<PullStep[]> {
    const stored = documentsOf(await this.there.read());
    const local = localDocuments(tree(this.files));
    const steps = planPull(local, stored, this.#base(), options);
    for (const { action, path, stored: held } of steps) {
      if ((action === 'create' || action === 'change') && held) this.files[path] = held.text;
      else if (action === 'delete') delete this.files[path];
    }
    this.base = serializeBase(agreedAfterPull(steps, this.#base(), undefined));
    return steps;
  }

  #base(): Base | undefined {
    return this.base === undefined ? undefined : parseBase(this.base);
  }
}

/** Actions by path, without what is the same. */
export function actions(
  steps: readonly { readonly path: string; readonly action: string }[],
): Record<string, string> {
  const touched = steps.filter(({ action }) => action !== 'unchanged');
  return Object.fromEntries(touched.map(({ path, action }) => [path, action]));
}
