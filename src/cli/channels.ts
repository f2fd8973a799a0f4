/** `channels`: where alerts go beside e-mail. */
import type { Command } from 'commander';
import { addChannelsList } from './channels-list.ts';
import { addChannelsRm } from './channels-rm.ts';
import { addChannelsSet } from './channels-set.ts';
import { addChannelsTest } from './channels-test.ts';
import type { Context } from './context.ts';

/** Adds the verbs. */
export function addChannels(program: Command, context: Context): void {
  const channels = program
    .command('channels')
    .description(
      'List, set, test and remove the channels of a stage: Slack, PagerDuty and others.',
    );
  addChannelsList(channels, context);
  addChannelsSet(channels, context);
  addChannelsTest(channels, context);
  addChannelsRm(channels, context);
}
