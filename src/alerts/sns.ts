/** An alert as SNS carries it: one message for every protocol, and attributes for filter policies. */
import type { Alert } from './alert.ts';
import { renderEmail } from './email.ts';
import { fitted } from './fit.ts';
import { renderSms } from './sms.ts';
import { renderSubject } from './subject.ts';

export interface SnsAttribute {
  readonly type: 'String' | 'String.Array';
  readonly value: string;
}

/** What to publish, with MessageStructure `json`. */
export interface SnsMessage {
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, SnsAttribute>>;
}

/** Bytes of message and attributes together; https://docs.aws.amazon.com/general/latest/gr/sns.html */
export const SNS_LIMIT = 262_144;

/**
 * Renders an alert for SNS. One too large loses samples, then top values, then the tail of its texts,
 * and says so in `omitted`, until it fits 262,144 bytes.
 */
export function renderSns(alert: Alert): SnsMessage {
  return fitted(alert, (candidate) => {
    const rendered = render(candidate);
    return sizeOf(rendered) <= SNS_LIMIT ? rendered : undefined;
  });
}

function render(alert: Alert): SnsMessage {
  const message = JSON.stringify({
    default: JSON.stringify(alert),
    email: renderEmail(alert),
    sms: renderSms(alert),
  });
  return { subject: renderSubject(alert), message, attributes: attributesOf(alert) };
}

function attributesOf(alert: Alert): Record<string, SnsAttribute> {
  const texts: Record<string, string | undefined> = {
    type: alert.type,
    rule: alert.rule.id,
    severity: alert.rule.severity,
    status: alert.status,
    stage: alert.stage,
    account: alert.sources[0]?.account,
  };
  const attributes: Record<string, SnsAttribute> = {};
  for (const [name, value] of Object.entries(texts)) {
    // SNS refuses an empty value.
    if (value) attributes[name] = { type: 'String', value };
  }
  if (alert.rule.tags.length > 0) {
    attributes.tags = { type: 'String.Array', value: JSON.stringify(alert.rule.tags) };
  }
  return attributes;
}

/** Bytes that count towards the limit: the message, and each attribute's name, type and value. */
export function sizeOf({ message, attributes }: SnsMessage): number {
  const texts = Object.entries(attributes).flatMap(([name, { type, value }]) => [
    name,
    type,
    value,
  ]);
  return [message, ...texts].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
