/** `rules pull`: a stage's tree into a folder. */
import type { Command } from 'commander';
import { formatNumber } from '../alerts/english.ts';
import type { PullStep } from '../config/plan/pull-plan.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { type GlobalOptions, withExample } from './options.ts';

interface PullFlags extends GlobalOptions {
  readonly prune?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Adds the verb. */
export function addRulesPull(rules: Command, context: Context): void {
  const command = rules
    .command('pull')
    .summary('bring what a stage holds to a folder')
    .description(
      'Write the rules, lists, filters, silences and settings of a stage into a folder. A file that ' +
        'was changed since is left as it is, unless --force is given. Channels, which hold secrets, ' +
        'are not read.',
    )
    .argument('<dir>', 'the folder; it is made where there is none')
    .option('--prune', 'delete files that the stage does not have')
    .option('--force', 'overwrite files that were changed')
    .option('--dry-run', 'show what would be done and change nothing')
    .action(async (dir: string) => {
      await pullCommand(dir, command.optsWithGlobals<PullFlags>(), context);
    });
  withExample(command, 'flowlog-alerts rules pull my-rules --stage prod');
}

async function pullCommand(dir: string, flags: PullFlags, context: Context): Promise<void> {
  const [{ readSides, writeBase }, { planPull }, { agreedAfterPull }, text, { coloursFor }] =
    await Promise.all([
      import('./rules-sync.ts'),
      import('../config/plan/pull-plan.ts'),
      import('../config/plan/agreed.ts'),
      import('./rules-plan-text.ts'),
      import('./colours.ts'),
    ]);
  const { io, out, err } = context;
  const sides = await readSides(dir, flags, err, { mayBeMissing: true });
  const steps = planPull(sides.local, sides.stored, sides.base, flags);
  const notes = notesOf(steps);
  const lines = flags.json
    ? text.planJson(steps, 'pull', notes)
    : [
        ...text.planLines(steps, 'pull', coloursFor(io.stdout, io.env), notes),
        text.planSummary(steps),
      ];
  for (const line of lines) await out.line(line);
  const done = flags.dryRun ? [] : await writeFiles(dir, steps, io.interrupt);
  if (!flags.dryRun) {
    const agreed = agreedAfterPull(done, sides.base, sides.place);
    await writeBase(dir, flags.stage, agreed);
  }
  if (io.interrupt.aborted) {
    context.exit(EXIT.interrupted);
    return;
  }
  const left = steps.filter(({ action }) => ['conflict', 'torn', 'no file'].includes(action));
  if (left.length > 0) {
    throw new CommandError(
      EXIT.failed,
      `${formatNumber(left.length)} not pulled: ${left.map(({ path }) => path).join(', ')}.`,
    );
  }
}

function notesOf(steps: readonly PullStep[]): Map<string, string> {
  const words: Partial<Record<PullStep['action'], string>> = {
    conflict: 'the file was changed, and so was the parameter: --force overwrites the file',
    kept: 'changed here, not there',
    torn: 'half of a push that did not come to its end: push it again',
    'no file':
      'it is a SecureString, or no file of a tree can be called so, or another would be the same file',
  };
  return new Map(
    steps.flatMap(({ path, action }) => {
      const note = words[action];
      return note === undefined ? [] : [[path, note] as const];
    }),
  );
}

/** @returns the steps that were carried out, those included for which nothing is to be done */
async function writeFiles(
  dir: string,
  steps: readonly PullStep[],
  stop: AbortSignal,
): Promise<PullStep[]> {
  const { fileOf, removeFile, writeWhole } = await import('../adapters/local/tree-files.ts');
  const done: PullStep[] = [];
  for (const step of steps) {
    if (stop.aborted) break;
    const { action, path, local, stored } = step;
    if ((action === 'create' || action === 'change') && stored) {
      await writeWhole(local?.origin ?? fileOf(dir, path, stored.text), stored.text);
    } else if (action === 'delete' && local) await removeFile(local.origin);
    done.push(step);
  }
  return done;
}
