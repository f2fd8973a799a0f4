/** `subscribe`: leads the log groups of flow logs to a deployment. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { plural } from '../alerts/english.ts';
import type { Done } from '../subscribe/apply.ts';
import { inTurn } from '../subscribe/in-turn.ts';
import type { RegionPlan } from '../subscribe/plan.ts';
import type { Undoing } from '../subscribe/undo.ts';
import { coloursFor } from './colours.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { withExample } from './options.ts';
import { refusalOf } from './refusals.ts';
import { jsonLines } from './subscribe-json.ts';
import {
  type Planned,
  planned,
  regionsOf,
  type Site,
  type SubscribeFlags,
  siteOf,
  undoing,
} from './subscribe-site.ts';
import { planLines, summaryLine } from './subscribe-text.ts';

const REGIONS_AT_ONCE = 4;

/** Adds the verb. */
export function addSubscribe(program: Command, context: Context): void {
  const command = program
    .command('subscribe')
    .summary('find flow logs and lead them to a deployment')
    .description(
      'Find the log groups that flow logs write to, and show which of them can be subscribed to, ' +
        'which are, and what keeps the others from it. With --apply, subscribe to them.',
    )
    .option('--regions <list>', 'regions, separated by commas, or all; without it, one')
    .option('--groups <glob>', 'only log groups of this name (* and ?), quoted')
    .option('--apply', 'do what is shown')
    .option('--undo', 'show what this command made; with --apply, take it away')
    .option(
      '--narrow',
      'pass on only what the rules in force can match, where every rule allows it: cheaper, but ' +
        'a rule that comes later and needs more sees nothing until this is run again',
    )
    .action(async () => {
      await subscribeCommand(command.optsWithGlobals<SubscribeFlags>(), context);
    });
  withExample(
    command,
    'flowlog-alerts subscribe --stage prod',
    "flowlog-alerts subscribe --stage prod --groups '/vpc/*' --apply",
  );
}

async function subscribeCommand(flags: SubscribeFlags, context: Context): Promise<void> {
  const { io, err, exit } = context;
  if (flags.undo && flags.narrow) {
    throw new CommandError(EXIT.usage, '--narrow says nothing to --undo.');
  }
  const tell = (line: string) => err.line(line);
  const regions = await inTurn(await regionsOf(flags), REGIONS_AT_ONCE, (region) =>
    orRefusal(region, async () => {
      const site = await siteOf(region, flags, tell);
      if (flags.undo) return { site, found: await undoing(site, flags) };
      return { site, ...(await planned(site, flags)) };
    }),
  );
  const plans: RegionPlan[] = [];
  let good = true;
  for (const region of regions) {
    if (io.interrupt.aborted) break;
    if ('refusal' in region) {
      await err.line(`${region.region}: ${region.refusal}`);
      good = false;
    } else if ('plan' in region) {
      plans.push(region.plan);
      good = (await subscribeIn(region, flags, context)) && good;
    } else good = (await undoIn(region, flags, context)) && good;
  }
  if (!flags.json && plans.length > 0) await err.line(summaryLine(plans, flags.apply === true));
  if (io.interrupt.aborted) exit(EXIT.interrupted);
  else if (!good) exit(EXIT.failed);
}

async function subscribeIn(
  { site, facts, plan }: Planned & { readonly site: Site },
  { stage, apply, json }: SubscribeFlags,
  { io, out }: Context,
): Promise<boolean> {
  const lines = json ? jsonLines(plan) : planLines(plan, coloursFor(io.stdout, io.env));
  for (const line of lines) await out.line(line);
  if (!apply) return true;
  const { applyPlan } = await import('../subscribe/apply.ts');
  const done = applyPlan(plan.groups, facts, site.subscriptions, {
    stage,
    sleep: (ms) => sleep(ms, undefined, { signal: io.interrupt }).catch(() => undefined),
    stop: io.interrupt,
  });
  return tellAll(done, json === true, out);
}

async function undoIn(
  { site, found }: { readonly site: Site; readonly found: Undoing },
  { stage, apply, json }: SubscribeFlags,
  { io, out, err }: Context,
): Promise<boolean> {
  const { region } = site;
  if (found.groups.length + found.permissions.length === 0) {
    await err.line(`${region}: this command has made nothing here.`);
    return true;
  }
  const { undo } = await import('../subscribe/undo.ts');
  if (apply) {
    return tellAll(undo(found, stage, site.subscriptions, io.interrupt), json === true, out);
  }
  for (const group of found.groups) {
    const object = { kind: 'undo', region, group };
    await out.line(json ? JSON.stringify(object) : `${region}  ${group}`);
  }
  await err.line(
    `${region}: ${plural(found.groups.length, 'filter')}, ${plural(found.permissions.length, 'permission')}. Nothing was changed: --undo --apply takes them away.`,
  );
  return true;
}

async function tellAll(
  all: AsyncGenerator<Done>,
  json: boolean,
  out: Context['out'],
): Promise<boolean> {
  let good = true;
  for await (const done of all) {
    good &&= done.ok;
    const { region, group, ok, detail } = done;
    const text = `${ok ? 'ok  ' : 'FAIL'}  ${region}  ${group}: ${detail}`;
    await out.line(json ? JSON.stringify({ kind: 'done', ...done }) : text);
  }
  return good;
}

async function orRefusal<T extends object>(
  region: string,
  work: () => Promise<T>,
): Promise<T | { readonly region: string; readonly refusal: string }> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { region, refusal };
  }
}
