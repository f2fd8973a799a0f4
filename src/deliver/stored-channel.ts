/** A channel as it is known by name, whether it can be used or not. */
import type { ChannelText } from '../ports/channel-source.ts';
import { formatProblem } from '../rules/problem.ts';
import type { Channel } from './channel.ts';
import { readChannel } from './channels/read-channel.ts';

export interface StoredChannel {
  readonly name: string;
  /** Undefined where there is a problem. */
  readonly channel?: Channel;
  /** What is wrong with it, for a person; holds no part of its text. */
  readonly problem?: string;
}

/** Reads a channel's text. */
export function storedChannel({ name, origin, text, problem }: ChannelText): StoredChannel {
  if (text === undefined) return { name, problem: problem ?? `${origin} cannot be read` };
  const { channel, problems } = readChannel(text, origin);
  if (channel !== undefined) return { name, channel };
  return { name, problem: problems.map(formatProblem).join('; ') };
}
