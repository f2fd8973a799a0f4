/** The channels of a stage as the verbs use them. */
import type { DeployedChannels } from '../adapters/aws/deployed-channels.ts';
import { CommandError, EXIT } from './exit.ts';
import type { GlobalOptions } from './options.ts';
import { refusalOf } from './refusals.ts';

export interface ChannelFlags extends GlobalOptions {
  readonly keyId?: string;
}

/**
 * Does something with the stage's channels.
 * @throws CommandError with AWS's own words where it refuses
 */
export async function withChannels<T>(
  { stage, region, profile, keyId }: ChannelFlags,
  work: (channels: DeployedChannels) => Promise<T>,
): Promise<T> {
  const { DeployedChannels } = await import('../adapters/aws/deployed-channels.ts');
  try {
    return await work(new DeployedChannels({ stage, region, profile, keyId }));
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    throw new CommandError(EXIT.failed, `The channels of ${stage}: ${refusal}.`);
  }
}

/** What to say of a name that no channel has. */
export function noSuchChannel(name: string, stage: string): CommandError {
  return new CommandError(
    EXIT.failed,
    `There is no channel ${name} in ${stage}: flowlog-alerts channels list --stage ${stage} shows what there is.`,
  );
}
