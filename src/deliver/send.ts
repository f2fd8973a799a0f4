/** Hands something rendered to its receiver, and says what came of it in words without secrets. */
import { cleanLine, cut } from '../alerts/clean.ts';
import type { HttpPost } from '../ports/http-post.ts';
import { PermanentNotifyError } from '../ports/notifier.ts';
import type { Findings, Topics } from '../ports/receivers.ts';
import type { Channel, Outgoing } from './channel.ts';
import { type Outcome, outcomeOf } from './channels/outcome.ts';
import { redactorOf } from './redact.ts';
import { parseRetryAfter } from './retry.ts';

export interface Receivers {
  readonly post: HttpPost;
  readonly topics: Topics;
  readonly findings: Findings;
  /** ARN of the topic that Amazon Q reads. */
  readonly chatTopic: string;
}

export interface Sent {
  readonly outcome: Outcome;
  /** Why it was not delivered, or an answer worth keeping. */
  readonly reason?: string;
  /** How long the receiver asks to wait, ms. */
  readonly retryAfter?: number;
  /** Nobody answered, so that others need not ask as well. */
  readonly unanswered?: true;
}

const LONGEST_REASON = 300;

/** Never throws. @param now Unix ms */
export async function send(
  outgoing: Outgoing,
  channel: Channel,
  receivers: Receivers,
  now: number,
): Promise<Sent> {
  const said = (text: string) => cut(cleanLine(redactorOf(channel)(text)), LONGEST_REASON);
  try {
    const sent = await sendBy(outgoing, channel, receivers, now);
    return sent.reason === undefined ? sent : { ...sent, reason: said(sent.reason) };
  } catch (error) {
    const reason = said((error as Error).message);
    return { outcome: error instanceof PermanentNotifyError ? 'never' : 'again', reason };
  }
}

async function sendBy(
  outgoing: Outgoing,
  channel: Channel,
  { post, topics, findings, chatTopic }: Receivers,
  now: number,
): Promise<Sent> {
  switch (outgoing.via) {
    case 'http':
      return sendByHttp(outgoing, channel, post, now);
    case 'sns': {
      const { via: _, topic, ...message } = outgoing;
      await topics.publish({ ...message, topic: topic === 'chat' ? chatTopic : topic });
      return { outcome: 'delivered' };
    }
    case 'securityhub':
      await findings.put(outgoing.finding);
      return { outcome: 'delivered' };
    case 'nothing':
      return { outcome: 'delivered', reason: `nothing to send: ${outgoing.why}` };
  }
}

async function sendByHttp(
  { url, headers, body }: Extract<Outgoing, { via: 'http' }>,
  channel: Channel,
  post: HttpPost,
  now: number,
): Promise<Sent> {
  let answer: Awaited<ReturnType<HttpPost['post']>>;
  try {
    answer = await post.post({ url, headers, body });
  } catch (error) {
    const reason = `no answer: ${(error as Error).message}`;
    return { outcome: 'again', reason, unanswered: true };
  }
  const outcome = outcomeOf(channel, answer.status, answer.body);
  if (outcome === 'delivered') return { outcome };
  const said = answer.body.trim();
  const reason = `it answered ${answer.status}${said === '' ? '' : `: ${said}`}`;
  const retryAfter = parseRetryAfter(answer.retryAfter, now);
  return { outcome, reason, ...(retryAfter !== undefined && { retryAfter }) };
}
