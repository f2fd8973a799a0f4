/** Does what a plan says, one group after the other, and goes on after a failure. */
import type { Subscriptions } from '../ports/subscriptions.ts';
import type { RegionFacts } from './facts.ts';
import { filterName, type Place, permits, placeOf } from './names.ts';
import { type NewPermission, permissionsFor } from './permissions.ts';
import type { GroupPlan } from './plan-group.ts';

export interface Done {
  readonly region: string;
  readonly group: string;
  readonly ok: boolean;
  /** What was done, or what AWS said. */
  readonly detail: string;
}

export interface ApplyOptions {
  readonly stage: string;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly stop: AbortSignal;
}

/** A permission takes seconds until CloudWatch Logs knows of it. */
const PATIENCE = [1_000, 2_000, 4_000, 8_000];

/** @param groups of one region's plan; those that need nothing are passed over */
export async function* applyPlan(
  groups: readonly GroupPlan[],
  { region, stack, policy }: RegionFacts,
  subscriptions: Subscriptions,
  options: ApplyOptions,
): AsyncGenerator<Done> {
  const functionArn = stack?.outputs.LogsFunctionArn;
  if (functionArn === undefined) return;
  const place = placeOf(functionArn);
  const open = groups.filter(({ verdict }) => verdict === 'subscribe' || verdict === 'update');
  const bare = open.filter(({ permissionMissing }) => permissionMissing).map(({ group }) => group);
  const permissions = permissionsFor(bare, policy.permissions, place);
  for (const plan of open) {
    if (options.stop.aborted) return;
    const { group, verdict, pattern = '' } = plan;
    const done = (ok: boolean, detail: string): Done => ({ region, group, ok, detail });
    try {
      await permit(plan, permissions, place, functionArn, subscriptions);
      const filter = { name: filterName(options.stage), pattern, destination: functionArn };
      await patiently(() => subscriptions.put(group, filter), options);
      const passing = pattern === '' ? '' : `, passing on ${pattern}`;
      yield done(true, `${verdict === 'subscribe' ? 'subscribed' : 'put right'}${passing}`);
    } catch (error) {
      const { name, message } = error as Error;
      yield done(false, `${name}: ${message}`);
    }
  }
}

async function permit(
  { group, permissionMissing }: GroupPlan,
  permissions: readonly NewPermission[],
  place: Place,
  functionArn: string,
  subscriptions: Subscriptions,
): Promise<void> {
  if (!permissionMissing) return;
  const permission = permissions.find((one) => permits(one, place, group));
  if (permission) await subscriptions.permit(functionArn, permission);
}

async function patiently(put: () => Promise<void>, { sleep, stop }: ApplyOptions): Promise<void> {
  for (const wait of PATIENCE) {
    try {
      return await put();
    } catch (error) {
      if (!isNotPermittedYet(error) || stop.aborted) throw error;
      await sleep(wait);
    }
  }
  return put();
}

function isNotPermittedYet(error: unknown): boolean {
  const { name, message } = error as Error;
  return name === 'InvalidParameterException' && /could not execute the lambda/i.test(message);
}
