/** `channels set`: a channel from standard input, so that no secret is ever an argument. */
import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { ChannelFlags } from './channels-store.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { channelName, withExample } from './options.ts';

/** A standard parameter takes this many bytes. */
const LARGEST = 4_096;

/** Adds the verb. */
export function addChannelsSet(channels: Command, context: Context): void {
  const command = channels
    .command('set')
    .summary('add or replace a channel')
    .description(
      'Read the document of a channel, YAML or JSON, from standard input, check it and write it to ' +
        'Parameter Store as a SecureString. It is in use within a minute. docs/channels.md has the ' +
        'document of each type.',
    )
    .argument('<name>', 'what rules and routes call it', channelName)
    .option('--key-id <key>', "KMS key to encrypt with, where not the account's own for parameters")
    .action(async (name: string) => {
      await setCommand(name, command.optsWithGlobals<ChannelFlags>(), context);
    });
  withExample(
    command,
    'flowlog-alerts channels set ops --stage prod < ops.yaml',
    "echo '{ type: chatbot }' | flowlog-alerts channels set chat --stage prod",
  );
}

async function setCommand(name: string, flags: ChannelFlags, context: Context): Promise<void> {
  const { io, out, err } = context;
  const [{ readChannel }, { formatProblem }, { withChannels }] = await Promise.all([
    import('../deliver/channels/read-channel.ts'),
    import('../rules/problem.ts'),
    import('./channels-store.ts'),
  ]);
  if ((io.stdin as Readable & { isTTY?: boolean }).isTTY) {
    await err.line('Reading the channel from the terminal; Ctrl-D ends it.');
  }
  const text = await textOf(io.stdin);
  const { channel, problems } = readChannel(text, 'standard input');
  for (const problem of problems) await err.line(`${problem.severity}: ${formatProblem(problem)}`);
  if (channel === undefined) {
    throw new CommandError(
      EXIT.usage,
      `The channel ${name} was not set: docs/channels.md has the document of each type.`,
    );
  }
  await withChannels(flags, (store) => store.put(name, text));
  if (flags.json) await out.line(JSON.stringify({ name, type: channel.type }));
  else await out.line(`The channel ${name} is set, of type ${channel.type}.`);
  await err.line(`Try it: flowlog-alerts channels test ${name} --stage ${flags.stage}`);
}

async function textOf(stdin: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stdin) {
    const bytes = Buffer.from(piece);
    length += bytes.length;
    if (length > LARGEST) {
      throw new CommandError(
        EXIT.usage,
        `What standard input holds is larger than ${LARGEST} bytes: that is no channel.`,
      );
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString('utf8');
}
