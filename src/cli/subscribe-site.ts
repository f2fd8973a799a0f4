/** One region that `subscribe` works in: what it asks there, and what comes of the answers. */
import { isGlob, matchesGlob } from '../config/glob.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { StageStack } from '../ports/stage-stack.ts';
import type { RegionFacts, RegionPorts } from '../subscribe/facts.ts';
import type { RegionPlan } from '../subscribe/plan.ts';
import type { Undoing } from '../subscribe/undo.ts';
import { CommandError, EXIT } from './exit.ts';
import type { GlobalOptions } from './options.ts';
import { refusalOf } from './refusals.ts';

export interface SubscribeFlags extends GlobalOptions {
  readonly regions?: string;
  readonly groups?: string;
  readonly apply?: boolean;
  readonly undo?: boolean;
  readonly narrow?: boolean;
}

export interface Site extends RegionPorts {
  readonly region: string;
  readonly stack?: StageStack;
  /** The rules in force, where they can be read. */
  readonly snapshot?: Snapshot;
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** @throws CommandError where a name is none, or AWS does not tell */
export async function regionsOf({ regions, region, profile }: SubscribeFlags): Promise<string[]> {
  const names = (regions ?? '').split(',').map((name) => name.trim());
  const odd = names.find((name) => !REGION.test(name));
  if (regions !== undefined && regions !== 'all') {
    if (odd === undefined) return [...new Set(names)];
    throw new CommandError(
      EXIT.usage,
      `--regions: ${JSON.stringify(odd)} is no region; for example eu-west-1,us-east-1, or all.`,
    );
  }
  const { enabledRegions, regionFor } = await import('../adapters/aws/flow-log-inventory.ts');
  try {
    if (regions === 'all') return await enabledRegions({ region, profile });
    return [await regionFor({ region, profile })];
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal === undefined ? error : new CommandError(EXIT.failed, `${refusal}.`);
  }
}

/** @param tell gets a line where the rules in force cannot be read */
export async function siteOf(
  region: string,
  { stage, profile }: SubscribeFlags,
  tell: (line: string) => Promise<void>,
): Promise<Site> {
  const [{ AwsFlowLogInventory }, { AwsSubscriptions }, { AwsStackReader }] = await Promise.all([
    import('../adapters/aws/flow-log-inventory.ts'),
    import('../adapters/aws/subscription-filters.ts'),
    import('../adapters/aws/stage-stack.ts'),
  ]);
  const options = { region, profile };
  const stack = await new AwsStackReader({ stage, ...options }).read();
  const ports = {
    inventory: new AwsFlowLogInventory(options),
    subscriptions: new AwsSubscriptions(options),
  };
  if (stack === undefined) return { region, ...ports };
  const snapshot = await snapshotOf(stack, options, tell);
  return { region, ...ports, stack, ...(snapshot && { snapshot }) };
}

/** Without the rules nothing is narrowed, and new flow logs get the usual fields. */
async function snapshotOf(
  { outputs }: StageStack,
  options: { readonly region: string; readonly profile: string | undefined },
  tell: (line: string) => Promise<void>,
): Promise<Snapshot | undefined> {
  const { DeployedState } = await import('../adapters/aws/deployed-state.ts');
  const { DigestTableName: table = '', StateBucketName: bucket = '' } = outputs;
  const state = new DeployedState({ ...options, table, bucket, now: Date.now, log: () => {} });
  try {
    return await state.snapshot();
  } catch (error) {
    await tell(`${options.region}: the rules in force are not known: ${(error as Error).message}`);
    return undefined;
  }
}

export interface Planned {
  readonly facts: RegionFacts;
  readonly plan: RegionPlan;
}

export async function planned(
  site: Site,
  { stage, groups, narrow }: SubscribeFlags,
): Promise<Planned> {
  const [{ gatherRegion }, { planRegion }, { recommendedFormat }, { narrowPattern }] =
    await Promise.all([
      import('../subscribe/facts.ts'),
      import('../subscribe/plan.ts'),
      import('../subscribe/recommended-format.ts'),
      import('../config/narrow-pattern.ts'),
    ]);
  const named = groups !== undefined && !isGlob(groups) ? [groups] : [];
  const facts = await gatherRegion(site.region, site.stack, site, named);
  const { snapshot } = site;
  const plan = planRegion(facts, {
    stage,
    ...(groups !== undefined && { groups }),
    format: recommendedFormat(snapshot),
    patternFor: (formats) => (narrow && snapshot ? narrowPattern(snapshot, formats) : ''),
  });
  return { facts, plan };
}

/** What is there to be taken away. */
export async function undoing(
  { region, stack, inventory, subscriptions }: Site,
  { stage, groups }: SubscribeFlags,
): Promise<Undoing> {
  const { planUndo } = await import('../subscribe/undo.ts');
  const chosen = (group: string) => groups === undefined || matchesGlob(groups, group);
  const place = { region, stage, ...(stack && { stack }) };
  return planUndo(place, inventory, subscriptions, chosen);
}
