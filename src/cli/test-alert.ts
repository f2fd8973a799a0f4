/** `test-alert`: one synthetic flow through the whole deployed chain. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import type { Hop } from './hops.ts';
import { channelName, type GlobalOptions, positive, withExample } from './options.ts';

interface TestAlertFlags extends GlobalOptions {
  readonly wait: number;
  readonly channel?: string;
}

/** Ports that no server listens on, so that the test's group is its own. */
const EPHEMERAL = [32_768, 65_536] as const;

/** Adds the verb. */
export function addTestAlert(program: Command, context: Context): void {
  const command = program
    .command('test-alert')
    .summary('send a test alert through a deployment')
    .description(
      'Send one synthetic flow to the deployed logs function and follow it until its alert is ' +
        'published, or with --channel until it is delivered there, with the time of each hop. ' +
        'The alert is of type test and says so.',
    )
    .option('--channel <name>', 'a channel that it is to go to as well', channelName)
    .option('--wait <seconds>', 'how long to wait for the alert', positive, 120)
    .action(async () => {
      await testAlertCommand(command.optsWithGlobals<TestAlertFlags>(), context);
    });
  withExample(
    command,
    'flowlog-alerts test-alert --stage prod --wait 60',
    'flowlog-alerts test-alert --stage prod --channel ops',
  );
}

async function testAlertCommand(
  flags: TestAlertFlags,
  { io, out, err, exit }: Context,
): Promise<void> {
  const [{ AwsDeployment }, { followTestAlert }] = await Promise.all([
    import('./deployment.ts'),
    import('./hops.ts'),
  ]);
  const deployment = new AwsDeployment(flags);
  const print = async (hop: Hop): Promise<void> => {
    if (flags.json) await out.line(JSON.stringify(hop));
    else await out.line(hopLine(hop));
  };
  const hops = followTestAlert(deployment, {
    stage: flags.stage,
    wait: flags.wait * 1000,
    ...(flags.channel !== undefined && { channel: flags.channel }),
    srcport: randomInt(...EPHEMERAL),
    now: Date.now,
    sleep: (ms) => sleep(ms, undefined, { signal: io.interrupt }).catch(() => undefined),
    stop: io.interrupt,
  });
  for await (const hop of hops) {
    await print(hop);
    if (hop.ok) continue;
    if (hop.advice !== undefined && !flags.json) await err.line(hop.advice);
    exit(EXIT.failed);
  }
  if (io.interrupt.aborted) exit(EXIT.interrupted);
}

function hopLine({ hop, ok, seconds, detail }: Hop): string {
  return `${ok ? 'ok  ' : 'FAIL'}  ${hop.padEnd(8)}  ${seconds.toFixed(1).padStart(6)} s  ${detail}`;
}
