/** `uninstall`: removes a deployment, and what `serverless remove` would leave of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { plural } from '../alerts/english.ts';
import type { Remains, UninstallPorts } from '../uninstall/find.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { type GlobalOptions, withExample } from './options.ts';
import { refusalOf } from './refusals.ts';
import { remainsLines, remainsRows } from './uninstall-text.ts';

interface UninstallFlags extends GlobalOptions {
  readonly yes?: boolean;
  readonly backup?: string;
}

const CLEAR_LINE = '\r\u001b[K';

/** Adds the verb. */
export function addUninstall(program: Command, context: Context): void {
  const command = program
    .command('uninstall')
    .summary('remove a deployment and all it left')
    .description(
      'Show everything that a stage has in the account: filters made by subscribe, the stack, ' +
        'alarms and saved queries of its rules, logs of its functions, its state and parameters. ' +
        'With --yes, remove it. Flow logs and their log groups are not touched.',
    )
    .option('--yes', 'remove what is shown')
    .option('--backup <folder>', 'write rules, lists, filters and settings there first')
    .action(async () => {
      await uninstallCommand(command.optsWithGlobals<UninstallFlags>(), context);
    });
  withExample(
    command,
    'flowlog-alerts uninstall --stage dev',
    'flowlog-alerts uninstall --stage dev --backup my-rules --yes',
  );
}

async function uninstallCommand(flags: UninstallFlags, context: Context): Promise<void> {
  const { io, err, exit } = context;
  try {
    const { ports, remains } = await found(flags);
    const { isEmpty } = await import('../uninstall/find.ts');
    const good = remains.unknown.length === 0;
    for (const line of remains.unknown) await err.line(`Not known: ${line}`);
    if (isEmpty(remains)) {
      await err.line(`There is nothing of the stage ${flags.stage} in ${remains.region}.`);
    } else if (flags.yes) {
      if (!(await removeAll(remains, ports, flags, context))) exit(EXIT.failed);
    } else {
      await show(remains, flags, context);
    }
    if (!good) exit(EXIT.failed);
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal === undefined ? error : new CommandError(EXIT.failed, `${refusal}.`);
  }
  if (io.interrupt.aborted) exit(EXIT.interrupted);
}

async function found({ stage, region, profile }: UninstallFlags) {
  const [
    { AwsStackReader },
    { AwsLeftovers },
    { AwsFlowLogInventory, regionFor },
    { AwsSubscriptions },
    { ruleAlarms, savedQueries },
    { findRemains },
  ] = await Promise.all([
    import('../adapters/aws/stage-stack.ts'),
    import('../adapters/aws/leftovers.ts'),
    import('../adapters/aws/flow-log-inventory.ts'),
    import('../adapters/aws/subscription-filters.ts'),
    import('../adapters/aws/rule-artefacts.ts'),
    import('../uninstall/find.ts'),
  ]);
  const options = { region, profile };
  const ports: UninstallPorts = {
    leftovers: new AwsLeftovers({ stage, ...options }),
    alarms: ruleAlarms({ stage, ...options }),
    queries: savedQueries({ stage, ...options }),
    inventory: new AwsFlowLogInventory(options),
    subscriptions: new AwsSubscriptions(options),
  };
  const stack = await new AwsStackReader({ stage, ...options }).read();
  const place = { stage, region: await regionFor(options), ...(stack && { stack }) };
  return { ports, remains: await findRemains(place, ports) };
}

async function show(
  remains: Remains,
  { json, stage }: UninstallFlags,
  { out, err }: Context,
): Promise<void> {
  const lines = json
    ? remainsRows(remains).map(([kind, name]) => JSON.stringify({ kind, name }))
    : remainsLines(remains);
  for (const line of lines) await out.line(line);
  await err.line(
    `Nothing was removed: --yes removes all of it, for good. --backup FOLDER keeps the rules. With the logs of reduce goes the record of what was sent: export /aws/lambda/flowlog-alerts-${stage}-reduce first where it is to be kept.`,
  );
}

async function removeAll(
  remains: Remains,
  ports: UninstallPorts,
  flags: UninstallFlags,
  { io, out, err }: Context,
): Promise<boolean> {
  const [{ remove }, backup] = await Promise.all([
    import('../uninstall/remove.ts'),
    flags.backup === undefined ? undefined : import('./uninstall-backup.ts'),
  ]);
  const folder = flags.backup ?? '';
  let good = true;
  for await (const { what, ok, detail } of remove(remains, ports, {
    ...(backup && { backup: () => backup.backUp(folder, flags) }),
    sleep: (ms) => sleep(ms, undefined, { signal: io.interrupt }).catch(() => undefined),
    now: Date.now,
    onProgress: (text) => {
      if (err.isTTY) void err.print(`${CLEAR_LINE}${text}`);
    },
    stop: io.interrupt,
  })) {
    if (err.isTTY) await err.print(CLEAR_LINE);
    good &&= ok;
    const text = `${ok ? 'ok  ' : 'FAIL'}  ${what}: ${detail}`;
    await out.line(flags.json ? JSON.stringify({ what, ok, detail }) : text);
  }
  if (!good) await err.line('What is left stays as it is; run it again to go on.');
  const secrets = remains.parameters.filter(({ secure }) => secure).length;
  if (good && backup && secrets > 0) {
    await err.line(
      `${plural(secrets, 'channel')} not copied, being secret: note down where they led.`,
    );
  }
  return good;
}
