/** `doctor`: what is deployed, what flows in, what is broken, and how to mend it. */
import type { Command } from 'commander';
import { bad, type Finding } from '../doctor/finding.ts';
import { coloursFor } from './colours.ts';
import type { Context } from './context.ts';
import { findingLines, verdictLine } from './doctor-text.ts';
import { CommandError, EXIT } from './exit.ts';
import { type GlobalOptions, withExample } from './options.ts';
import { refusalOf } from './refusals.ts';

/** Adds the verb. */
export function addDoctor(program: Command, context: Context): void {
  const command = program
    .command('doctor')
    .summary('show how a deployment is doing')
    .description(
      'Look at everything a deployment is made of and depends on: the stack, flow logs and their ' +
        'log groups, rules, queues, alarms, subscriptions and limits. Each line says what is well, ' +
        'what is not, and how to mend it. Nothing is changed. The exit code is 1 where something is broken.',
    )
    .action(async () => {
      await doctorCommand(command.optsWithGlobals<GlobalOptions>(), context);
    });
  withExample(command, 'flowlog-alerts doctor --stage prod');
}

async function doctorCommand(flags: GlobalOptions, { io, out, err, exit }: Context): Promise<void> {
  let findings: Finding[];
  try {
    findings = await findingsOf(flags);
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal === undefined ? error : new CommandError(EXIT.failed, `${refusal}.`);
  }
  const lines = flags.json
    ? findings.map((finding) => JSON.stringify(finding))
    : findingLines(findings, coloursFor(io.stdout, io.env));
  for (const line of lines) await out.line(line);
  if (!flags.json) await err.line(verdictLine(findings));
  if (io.interrupt.aborted) exit(EXIT.interrupted);
  else if (findings.some(({ severity }) => severity === 'bad')) exit(EXIT.failed);
}

async function findingsOf({ stage, region, profile }: GlobalOptions): Promise<Finding[]> {
  const { AwsStackReader } = await import('../adapters/aws/stage-stack.ts');
  const stack = await new AwsStackReader({ stage, region, profile }).read();
  if (stack === undefined) {
    const where = region === undefined ? '' : ` --region ${region}`;
    const deploy = `npx serverless deploy --stage ${stage}${where}, or give --stage and --region`;
    return [bad('Stack', `there is no stack flowlog-alerts-${stage} here`, deploy)];
  }
  const [
    { AwsStageHealth },
    { AwsFlowLogInventory },
    { AwsSubscriptions },
    { gather },
    { diagnose },
    { checkoutVersion },
  ] = await Promise.all([
    import('../adapters/aws/stage-health.ts'),
    import('../adapters/aws/flow-log-inventory.ts'),
    import('../adapters/aws/subscription-filters.ts'),
    import('../doctor/gather.ts'),
    import('../doctor/diagnose.ts'),
    import('./version.ts'),
  ]);
  const options = { region: stack.region, profile };
  const { DigestTableName: table = '', StateBucketName: bucket = '' } = stack.outputs;
  const facts = await gather(
    stack,
    {
      health: new AwsStageHealth({ ...options, stage, table, bucket, now: Date.now }),
      inventory: new AwsFlowLogInventory(options),
      subscriptions: new AwsSubscriptions(options),
    },
    { stage, version: await checkoutVersion(), now: Date.now() },
  );
  return diagnose(facts);
}
