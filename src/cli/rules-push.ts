/** `rules push`: what a folder holds to a stage. */

import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { formatDuration, formatNumber, plural } from '../alerts/english.ts';
import type { Applied } from '../config/plan/apply-push.ts';
import type { Clock } from '../ports/clock.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { withExample } from './options.ts';
import { refusal } from './refusals.ts';
import type { PlanFlags, Planned } from './rules-planned.ts';

interface PushFlags extends PlanFlags {
  readonly dryRun?: boolean;
}

/** Seconds of writing from which on the user is told before. */
const LONG = 60;

/** Adds the verb. */
export function addRulesPush(rules: Command, context: Context): void {
  const command = rules
    .command('push')
    .summary('bring what a folder holds to a stage')
    .description(
      'Write the rules, lists, filters, silences and settings in a folder to Parameter Store, ' +
        'where the stage takes them up within a minute. What is only there stays, unless --prune ' +
        'is given. Channels are never touched.',
    )
    .argument('<dir>', 'the folder')
    .option('--prune', 'delete what the folder does not have')
    .option('--force', 'overwrite what was changed in Parameter Store since')
    .option('--dry-run', 'show what would be done and change nothing')
    .action(async (dir: string) => {
      const flags = command.optsWithGlobals<PushFlags>();
      const { plannedPush, showPush } = await import('./rules-planned.ts');
      const planned = await plannedPush(dir, flags, context);
      await showPush(planned, flags, context);
      if (planned.blocked) throw new CommandError(planned.blocked.code, planned.blocked.why);
      if (!flags.dryRun) await carryOut(dir, planned, flags, context);
    });
  withExample(
    command,
    'flowlog-alerts rules push my-rules --stage prod',
    'flowlog-alerts rules push my-rules --stage prod --prune --dry-run',
  );
}

async function carryOut(
  dir: string,
  planned: Planned,
  flags: PushFlags,
  context: Context,
): Promise<void> {
  const [{ writeOrder, deleteOrder }, { applyPush, WRITE_PAUSE }, { agreedBeforePush }, sync] =
    await Promise.all([
      import('../config/plan/order.ts'),
      import('../config/plan/apply-push.ts'),
      import('../config/plan/agreed.ts'),
      import('./rules-sync.ts'),
    ]);
  const { io, out, err, exit } = context;
  const { plan, verdict, base, place, source, writer } = planned;
  const writes = writeOrder(plan.steps, verdict.after.rules);
  const deletes = deleteOrder(plan.steps, verdict.before.rules);
  const parameters = writes.reduce((sum, step) => sum + step.writes.length, 0);
  const removals = [...writes, ...deletes].reduce((sum, step) => sum + step.removals.length, 0);
  const agreed = agreedBeforePush(plan.steps, base, place);
  let reached = agreed;
  await sync.writeBase(dir, flags.stage, agreed);
  const seconds = (parameters * WRITE_PAUSE) / 1000;
  if (seconds > LONG) {
    await err.line(
      `${plural(parameters, 'parameter')} take about ${formatDuration(seconds)}: Parameter Store takes three writes a second. Several rules in one file, separated by ---, are one parameter.`,
    );
  }
  const { startCount } = await import('./progress.ts');
  const progress = await startCount(io.stderr, parameters + removals, 'parameters');
  const applied = await applyPush(writes, deletes, agreed, {
    writer,
    clock: clockUntil(io.interrupt),
    stop: io.interrupt,
    ...(flags.force && { force: true }),
    onDone: () => progress.advance(),
    saveBase: async (next) => {
      reached = next;
      await sync.writeBase(dir, flags.stage, next);
    },
  })
    .catch((error) => {
      throw refusal(error, 'The push did not come to its end, and can be run again', 'rules.json');
    })
    .finally(() => progress.stop());
  if (place === undefined && applied.written > 0) {
    // Only now is there a parameter that names the account and region.
    const named = sync.placeOf(await source.read());
    await sync.writeBase(dir, flags.stage, { ...reached, ...(named && { place: named }) });
  }
  if (flags.json) await out.line(JSON.stringify({ kind: 'summary', ...applied }));
  else {
    await out.line(
      `${formatNumber(applied.written)} written, ${formatNumber(applied.deleted)} deleted.`,
    );
  }
  await tellOthers(applied, context);
  if (applied.stopped) {
    const rest = parameters + removals - applied.written - applied.deleted;
    await err.line(`Interrupted, with ${formatNumber(rest)} to go: run it again to go on.`);
    exit(EXIT.interrupted);
  } else if (applied.appeared.length > 0) exit(EXIT.failed);
}

/** What others wrote at the same time. */
async function tellOthers({ appeared, overtaken }: Applied, { err }: Context): Promise<void> {
  for (const path of appeared) {
    await err.line(`${path} was created by somebody else meanwhile, and is left as it is.`);
  }
  for (const { path, version, user } of overtaken) {
    const by = user === undefined ? 'somebody else' : user;
    await err.line(
      `${path} was written by ${by} meanwhile, and is overwritten: version ${version} of its history is theirs.`,
    );
  }
}

function clockUntil(signal: AbortSignal): Clock {
  return {
    now: Date.now,
    sleep: (ms) => wait(ms, undefined, { signal }).catch(() => {}),
  };
}
