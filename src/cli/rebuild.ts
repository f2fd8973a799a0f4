/** `rebuild`: a deployment's memory made again from its digests. */
import type { Command } from 'commander';
import { formatBytes, formatNumber } from '../alerts/english.ts';
import type { Rebuilt, RebuiltShard } from '../reduce/rebuild/report.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { type GlobalOptions, positive, withExample } from './options.ts';

interface RebuildFlags extends GlobalOptions {
  readonly shards?: number;
  readonly dryRun?: boolean;
}

/** As many as the deploy parameter `shards` allows. */
const MOST_SHARDS = 64;
const CLEAR_LINE = '\r\u001b[K';

/** Adds the verb. */
export function addRebuild(program: Command, context: Context): void {
  const command = program
    .command('rebuild')
    .summary("make a deployment's memory again from its digests")
    .description(
      'Read the digests of the last fifteen days and replace what the reducers remember with what ' +
        'comes of them: after a change of the number of shards, or where a checkpoint was lost. ' +
        'Nothing is sent; what was told of stays told of.',
    )
    .option('--shards <number>', 'shards to make it for, where not those deployed', positive)
    .option('--dry-run', 'show what would come of it and change nothing')
    .action(async () => {
      await rebuildCommand(command.optsWithGlobals<RebuildFlags>(), context);
    });
  withExample(
    command,
    'flowlog-alerts rebuild --stage prod',
    'flowlog-alerts rebuild --stage prod --shards 4 --dry-run',
  );
}

async function rebuildCommand(flags: RebuildFlags, context: Context): Promise<void> {
  const { io, out, exit } = context;
  try {
    const rebuilt = await rebuiltOf(flags, context);
    const lines = flags.json ? jsonLines(rebuilt, flags) : textLines(rebuilt, flags);
    for (const line of lines) await out.line(line);
  } catch (error) {
    if (io.interrupt.aborted) exit(EXIT.interrupted);
    else throw isExpected(error) ? new CommandError(EXIT.failed, messageOf(error)) : error;
  }
}

async function rebuiltOf(flags: RebuildFlags, { io, err }: Context): Promise<Rebuilt> {
  const [{ AwsDeployment }, { DeployedState }, { compileRuleSet }, { rebuild }] = await Promise.all(
    [
      import('./deployment.ts'),
      import('../adapters/aws/deployed-state.ts'),
      import('../map/4-match/rule-set.ts'),
      import('../reduce/rebuild/run.ts'),
    ],
  );
  const outputs = await new AwsDeployment(flags).outputs();
  const shards = shardsOf(flags, outputs.Shards);
  const now = Date.now;
  const state = new DeployedState({
    region: flags.region,
    profile: flags.profile,
    table: outputs.DigestTableName,
    bucket: outputs.StateBucketName,
    now,
    // Only a backup that could not be written is told of: memory was replaced all the same.
    log: (_level, event, { error } = {}) => void err.line(`${event}: ${error}`),
  });
  const snapshot = await state.snapshot();
  if (snapshot === undefined) {
    throw new CommandError(
      EXIT.failed,
      `No rules are published in s3://${outputs.StateBucketName}: nothing can be remembered without them. Invoke flowlog-alerts-${flags.stage}-reconcile.`,
    );
  }
  let told = false;
  try {
    return await rebuild(compileRuleSet(snapshot), state, {
      stage: flags.stage,
      shards,
      mostShards: MOST_SHARDS,
      save: flags.dryRun !== true,
      now,
      stop: io.interrupt,
      onRead: (entries) => {
        if (!err.isTTY) return;
        told = true;
        void err.print(`${CLEAR_LINE}${formatNumber(entries)} digests read`);
      },
    });
  } finally {
    if (told) await err.print(CLEAR_LINE);
  }
}

function shardsOf({ shards, dryRun, stage }: RebuildFlags, output: string | undefined): number {
  const deployed = Number(output);
  if (shards !== undefined && shards > MOST_SHARDS) {
    throw new CommandError(EXIT.usage, `--shards ${shards}: there are at most ${MOST_SHARDS}.`);
  }
  if (shards !== undefined && dryRun) return shards;
  if (output === undefined || !Number.isSafeInteger(deployed)) {
    throw new CommandError(
      EXIT.failed,
      `The stack flowlog-alerts-${stage} has no output Shards: deploy this version first.`,
    );
  }
  if (shards !== undefined && shards !== deployed) {
    throw new CommandError(
      EXIT.usage,
      `--shards ${shards}: the functions deployed split digests among ${deployed}. Deploy with --param="shards=${shards}" first; --dry-run shows what would come of it.`,
    );
  }
  return deployed;
}

function jsonLines(rebuilt: Rebuilt, { dryRun = false }: RebuildFlags): string[] {
  const { shards, foreign, ...rest } = rebuilt;
  const summary = { saved: !dryRun, ...rest, otherRules: Object.fromEntries(foreign) };
  return [...shards, summary].map((line) => JSON.stringify(line));
}

function textLines(rebuilt: Rebuilt, { dryRun }: RebuildFlags): string[] {
  const { shards, left, unreadable, outOfTurn, foreign } = rebuilt;
  const lines = shards.map(shardLine);
  const add = (number: number, text: string) => {
    if (number > 0) lines.push(`${formatNumber(number)} ${text}`);
  };
  add(left, 'digests are not merged yet: the stream brings them');
  add(unreadable, 'digests cannot be read: left out');
  add(outOfTurn, 'digests have a time that is wrong by more than a day: left out');
  for (const [rule, records] of foreign) {
    add(records, `records of rule ${rule} are from before a change of it: left out`);
  }
  lines.push(dryRun ? 'Nothing was changed.' : 'The memory of every shard is replaced.');
  return lines;
}

function shardLine({ shard, digests, groups, before, bytes }: RebuiltShard): string {
  return `shard ${shard}: ${formatNumber(groups)} groups (${formatNumber(before)} before) of ${formatNumber(digests)} digests, ${formatBytes(bytes)}`;
}

const EXPECTED = new Set([
  'RebuildError',
  'DeploymentError',
  'DeployedStateError',
  'CheckpointFormatError',
  'NewerDigestError',
]);

/** What AWS or the deployment says, as against a fault of the program. */
function isExpected(error: unknown): boolean {
  return error instanceof Error && (EXPECTED.has(error.name) || '$metadata' in error);
}

function messageOf(error: unknown): string {
  const { name, message } = error as Error;
  return EXPECTED.has(name) ? `${message}.`.replace(/\.\.$/, '.') : `${name}: ${message}`;
}
