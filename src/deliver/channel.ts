/** Channels: where alerts go beside e-mail, and what is sent there. */
import type { Alert } from '../alerts/alert.ts';

/** A channel as its parameter holds it; secret as a whole. */
export type Channel =
  | { readonly type: 'slack'; readonly url: string }
  | { readonly type: 'teams'; readonly url: string }
  | { readonly type: 'pagerduty'; readonly routingKey: string; readonly region?: 'us' | 'eu' }
  | { readonly type: 'webhook'; readonly url: string; readonly secret: string }
  | { readonly type: 'chatbot' }
  | { readonly type: 'securityhub' }
  | { readonly type: 'ocsf'; readonly url: string }
  /** ARN of an SNS topic. */
  | { readonly type: 'ocsf'; readonly topic: string };

/** What is to be sent; secrets in it are only in `url`, `headers` and `body`. */
export type Outgoing =
  | {
      readonly via: 'http';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Sent by POST. */
      readonly body: string;
    }
  | {
      readonly via: 'sns';
      /** `chat` is the stack's own ChatTopic; else an ARN. */
      readonly topic: 'chat' | (string & {});
      readonly message: string;
      readonly subject?: string;
      readonly attributes?: Readonly<Record<string, string>>;
    }
  /** One finding for BatchImportFindings. */
  | { readonly via: 'securityhub'; readonly finding: Readonly<Record<string, unknown>> }
  /** E.g. a message that the channel cannot show. */
  | { readonly via: 'nothing'; readonly why: string };

/** Where this deployment runs. */
export interface RenderContext {
  readonly account: string;
  readonly region: string;
  readonly stage: string;
  /** Milliseconds; a webhook's signature carries it. */
  readonly now: number;
}

/** The key under which a receiver keeps one alert from first message to last. */
export function outsideKey(alert: Alert, { account, region, stage }: RenderContext): string {
  return `${account}/${region}/${stage}/${alert.id}`;
}

/** What of a channel must not be seen: in a log, an error or a metric. */
export function secretsOf(channel: Channel): string[] {
  const secrets: string[] = [];
  if ('url' in channel) {
    const { pathname, search } = new URL(channel.url);
    const path = `${pathname}${search}`;
    secrets.push(channel.url, ...(path.length > 1 ? [path] : []));
  }
  if (channel.type === 'pagerduty') secrets.push(channel.routingKey);
  if (channel.type === 'webhook') secrets.push(channel.secret);
  return secrets;
}
