/** `channels list`: names and types; never what is secret. */
import type { Command } from 'commander';
import type { ChannelFlags } from './channels-store.ts';
import type { Context } from './context.ts';
import { type GlobalOptions, withExample } from './options.ts';
import { renderTable } from './table.ts';

interface Listed {
  readonly name: string;
  readonly type?: string;
  readonly problem?: string;
}

const PLAIN =
  'stored in plain text, for whoever may read parameters to see: set it again, and it is a SecureString';

/** Adds the verb. */
export function addChannelsList(channels: Command, context: Context): void {
  const command = channels
    .command('list')
    .summary('show which channels there are')
    .description(
      'Show the channels of a stage with their types, and what is wrong with one. Addresses and ' +
        'keys are never shown.',
    )
    .action(async () => {
      await listCommand(command.optsWithGlobals<GlobalOptions>(), context);
    });
  withExample(command, 'flowlog-alerts channels list --stage prod');
}

async function listCommand(flags: ChannelFlags, { out, err }: Context): Promise<void> {
  const [{ storedChannel }, { withChannels }] = await Promise.all([
    import('../deliver/stored-channel.ts'),
    import('./channels-store.ts'),
  ]);
  const texts = await withChannels(flags, (store) => store.read());
  const listed = texts
    .map((text): Listed => {
      const { name, channel, problem } = storedChannel(text);
      const isOpen = text.plain && channel !== undefined && hasSecret(channel);
      return {
        name,
        ...(channel !== undefined && { type: channel.type }),
        ...(problem === undefined ? isOpen && { problem: PLAIN } : { problem }),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (flags.json) {
    for (const channel of listed) await out.line(JSON.stringify(channel));
    return;
  }
  if (listed.length === 0) {
    await err.line(
      `There are no channels in ${flags.stage}: flowlog-alerts channels set makes one.`,
    );
    return;
  }
  const columns = [{ title: 'channel' }, { title: 'type' }, { title: 'state' }];
  const rows = listed.map(({ name, type = '-', problem = 'ok' }) => [name, type, problem]);
  for (const line of renderTable(columns, rows)) await out.line(line);
}

function hasSecret(channel: object): boolean {
  return Object.keys(channel).some((key) => key !== 'type' && key !== 'topic' && key !== 'region');
}
