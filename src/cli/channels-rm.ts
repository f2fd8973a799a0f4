/** `channels rm`: a channel is no more. */
import type { Command } from 'commander';
import type { ChannelFlags } from './channels-store.ts';
import type { Context } from './context.ts';
import { channelName, type GlobalOptions, withExample } from './options.ts';

/** Adds the verb. */
export function addChannelsRm(channels: Command, context: Context): void {
  const command = channels
    .command('rm')
    .summary('remove a channel')
    .description(
      'Remove a channel from Parameter Store. Alerts that wait for it are let go, and where a rule ' +
        'or a route still names it, the owner is told.',
    )
    .argument('<name>', 'the channel', channelName)
    .action(async (name: string) => {
      await rmCommand(name, command.optsWithGlobals<GlobalOptions>(), context);
    });
  withExample(command, 'flowlog-alerts channels rm ops --stage prod');
}

async function rmCommand(name: string, flags: ChannelFlags, { out }: Context): Promise<void> {
  const { noSuchChannel, withChannels } = await import('./channels-store.ts');
  const removed = await withChannels(flags, (store) => store.remove(name));
  if (!removed) throw noSuchChannel(name, flags.stage);
  if (flags.json) await out.line(JSON.stringify({ name, removed }));
  else await out.line(`The channel ${name} is removed.`);
}
