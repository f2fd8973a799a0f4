/** `rules diff`: how a folder and a stage differ. */
import type { Command } from 'commander';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import { withExample } from './options.ts';
import type { PlanFlags } from './rules-planned.ts';

interface DiffFlags extends PlanFlags {
  readonly exitCode?: boolean;
}

/** Adds the verb. */
export function addRulesDiff(rules: Command, context: Context): void {
  const command = rules
    .command('diff')
    .summary('show how a folder and a stage differ')
    .description(
      'Show what `rules push` would change in a stage: documents with the difference of their ' +
        'texts, alarms, and rules that forget what they know.',
    )
    .argument('<dir>', 'the folder')
    .option('--prune', 'as with `rules push --prune`')
    .option('--exit-code', 'exit with 1 where there is a difference')
    .action(async (dir: string) => {
      const flags = command.optsWithGlobals<DiffFlags>();
      const { plannedPush, showPush } = await import('./rules-planned.ts');
      const planned = await plannedPush(dir, flags, context);
      await showPush(planned, flags, context);
      const { steps } = planned.plan;
      if (planned.blocked?.code === EXIT.usage) context.exit(EXIT.usage);
      else if (flags.exitCode && steps.some(({ action }) => action !== 'unchanged')) {
        context.exit(EXIT.failed);
      }
    });
  withExample(command, 'flowlog-alerts rules diff my-rules --stage prod');
}
