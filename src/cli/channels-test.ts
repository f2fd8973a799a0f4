/** `channels test`: one alert straight to a channel, past the deployed chain. */
import type { Command } from 'commander';
import type { DeployedChannels } from '../adapters/aws/deployed-channels.ts';
import type { Channel, RenderContext } from '../deliver/channel.ts';
import type { Sent } from '../deliver/send.ts';
import type { ChannelFlags } from './channels-store.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { channelName, type GlobalOptions, withExample } from './options.ts';

interface Tested {
  readonly name: string;
  readonly type: Channel['type'];
  readonly ok: boolean;
  readonly seconds: number;
  readonly reason?: string;
}

/** Adds the verb. */
export function addChannelsTest(channels: Command, context: Context): void {
  const command = channels
    .command('test')
    .summary('send a test alert to a channel')
    .description(
      'Send one test alert from here straight to a channel, and say what its receiver answered. ' +
        'test-alert --channel sends one through the whole deployed chain.',
    )
    .argument('<name>', 'the channel', channelName)
    .action(async (name: string) => {
      await testCommand(name, command.optsWithGlobals<GlobalOptions>(), context);
    });
  withExample(command, 'flowlog-alerts channels test ops --stage prod');
}

async function testCommand(name: string, flags: ChannelFlags, context: Context): Promise<void> {
  const { out, exit } = context;
  const { withChannels } = await import('./channels-store.ts');
  const tested = await withChannels(flags, (store) => testOf(store, name, flags));
  const { ok, type, seconds, reason = '' } = tested;
  if (flags.json) await out.line(JSON.stringify(tested));
  else {
    const word = ok ? 'ok  ' : 'FAIL';
    const told = reason === '' ? 'delivered' : reason;
    await out.line(`${word}  ${name}  ${type}  ${seconds.toFixed(1)} s  ${told}`);
  }
  if (!ok) exit(EXIT.failed);
}

async function testOf(store: DeployedChannels, name: string, flags: ChannelFlags): Promise<Tested> {
  const [{ storedChannel }, { noSuchChannel }] = await Promise.all([
    import('../deliver/stored-channel.ts'),
    import('./channels-store.ts'),
  ]);
  const text = (await store.read()).find((channel) => channel.name === name);
  if (text === undefined) throw noSuchChannel(name, flags.stage);
  const { channel, problem } = storedChannel(text);
  if (channel === undefined) {
    throw new CommandError(EXIT.failed, `The channel ${name} cannot be used: ${problem}`);
  }
  const began = Date.now();
  const sent = await sendTest(store, name, channel, flags);
  const seconds = (Date.now() - began) / 1000;
  const { outcome, reason } = sent;
  const told = { name, type: channel.type, ok: outcome === 'delivered', seconds };
  return reason === undefined ? told : { ...told, reason };
}

async function sendTest(
  store: DeployedChannels,
  name: string,
  channel: Channel,
  flags: ChannelFlags,
): Promise<Sent> {
  const [{ render }, { send }, { channelTestAlert }, { FetchPost }] = await Promise.all([
    import('../deliver/channels/render.ts'),
    import('../deliver/send.ts'),
    import('../deliver/test-alert.ts'),
    import('../adapters/http/fetch-post.ts'),
  ]);
  const { account, chatTopic } = await stackOf(channel, flags);
  const region = await store.region();
  const context: RenderContext = { account, region, stage: flags.stage, now: Date.now() };
  const { topics, findings } = store;
  const receivers = { post: new FetchPost(), topics, findings, chatTopic };
  const say = (status: 'firing' | 'resolved') => {
    const outgoing = render(channelTestAlert(name, status, context), channel, context);
    return send(outgoing, channel, receivers, context.now);
  };
  const sent = await say('firing');
  // An incident that nobody closes would stay.
  if (sent.outcome === 'delivered' && channel.type === 'pagerduty') return say('resolved');
  return sent;
}

/** Of receivers inside AWS the stack knows where they are; others can be tried before it is deployed. */
async function stackOf(
  channel: Channel,
  flags: ChannelFlags,
): Promise<{ readonly account: string; readonly chatTopic: string }> {
  const [{ AwsDeployment }, { DeploymentError }] = await Promise.all([
    import('./deployment.ts'),
    import('./hops.ts'),
  ]);
  try {
    const { Account = '', ChatTopicArn = '' } = await new AwsDeployment(flags).outputs();
    return { account: Account, chatTopic: ChatTopicArn };
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    if (channel.type === 'chatbot' || channel.type === 'securityhub') {
      throw new CommandError(
        EXIT.failed,
        `A channel of type ${channel.type} needs the stack: ${error.message}`,
      );
    }
    return { account: 'not-deployed', chatTopic: '' };
  }
}
