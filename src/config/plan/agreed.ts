/** What a folder and a stage are known to have in common. */
import type { StoredParameter } from '../../ports/parameter-writer.ts';
import { type Base, type BaseParameter, hashOf } from './base.ts';
import type { PullStep } from './pull-plan.ts';
import type { PushStep } from './push-plan.ts';

/**
 * The base of a push before its first write: what is the same on both sides. On a first push, what
 * is there was seen by whoever pushes.
 */
export function agreedBeforePush(
  steps: readonly PushStep[],
  base: Base | undefined,
  place: string | undefined,
): Base {
  const parameters = new Map(base?.parameters);
  for (const { action, stored } of steps) {
    if (action === 'unchanged' || base === undefined) note(parameters, stored?.parameters);
  }
  return withPlace(parameters, base, place);
}

/** The base after a pull whose steps were all carried out. */
export function agreedAfterPull(
  steps: readonly PullStep[],
  base: Base | undefined,
  place: string | undefined,
): Base {
  const parameters = new Map(base?.parameters);
  for (const { action, local, stored } of steps) {
    if (action === 'create' || action === 'change' || action === 'unchanged') {
      for (const { path } of local?.parameters ?? []) parameters.delete(path);
      note(parameters, stored?.parameters);
    } else if (action === 'delete') {
      for (const { path } of local?.parameters ?? []) parameters.delete(path);
    }
  }
  return withPlace(parameters, base, place);
}

function note(
  parameters: Map<string, BaseParameter>,
  stored: readonly StoredParameter[] = [],
): void {
  for (const parameter of stored) {
    const { path, version } = parameter;
    parameters.set(path, { hash: hashOf(parameter), version });
  }
}

function withPlace(
  parameters: ReadonlyMap<string, BaseParameter>,
  base: Base | undefined,
  place: string | undefined,
): Base {
  const named = place ?? base?.place;
  return { ...(named !== undefined && { place: named }), parameters };
}
