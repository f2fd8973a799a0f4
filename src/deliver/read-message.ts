/** What a message of the queue is: an alert, an alarm, a notice to the owner, or a letter sent back. */
import type { Alert } from '../alerts/alert.ts';
import { type AlarmRule, alertOfAlarm } from './alarm-message.ts';
import type { RenderContext } from './channel.ts';
import { alertOfNotice } from './owner-notice.ts';

/** An alert on its way. */
export interface Notification {
  readonly alert: Alert;
  /** Orders the messages of one alert, and tells them apart: its `seq`. */
  readonly order: number;
  /** Whether `order` counts from 0 without gaps. */
  readonly counted: boolean;
  /** The one channel that a letter sent back is for. */
  readonly only?: string;
  /** The text it was read from, for a letter. */
  readonly text: string;
}

export interface Unreadable {
  readonly reason: string;
}

type Json = Readonly<Record<string, unknown>>;

/** A letter in an envelope in a letter is nobody's doing. */
const DEEPEST = 4;

/**
 * Reads a message's body. The alert's JSON comes as it is (raw delivery) or in SNS's envelope.
 * @param rules by id, for what an alarm's message does not say of its rule
 */
export function readMessage(
  body: string,
  context: RenderContext,
  rules: ReadonlyMap<string, AlarmRule> = new Map(),
  depth = 0,
): Notification | Unreadable {
  const value = jsonOf(body);
  if (value === undefined) return { reason: 'it is not JSON' };
  const inner = depth < DEEPEST ? innerOf(value) : undefined;
  if (inner !== undefined) {
    const read = readMessage(inner, context, rules, depth + 1);
    if ('reason' in read) return noticeOf(value, context) ?? read;
    const only = isLetter(value) ? value.channel : undefined;
    return typeof only === 'string' ? { ...read, only } : read;
  }
  if (isAlert(value)) {
    if (value.version !== 1) {
      return { reason: `it is an alert of version ${String(value.version)}; this version reads 1` };
    }
    return { alert: value, order: value.seq, counted: true, text: body };
  }
  const alert = alertOfAlarm(body, context, rules);
  if (alert === undefined) return { reason: 'it is neither an alert nor an alarm' };
  return { alert, order: alert.seq, counted: false, text: body };
}

function jsonOf(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function innerOf(value: Json): string | undefined {
  if (isLetter(value)) return value.body;
  return isEnvelope(value) ? value.Message : undefined;
}

/** What `deliver` parks, moved back from its dead-letter queue. */
function isLetter(value: Json): value is Json & { readonly body: string } {
  return value.kind === 'notification' && typeof value.body === 'string';
}

function isEnvelope(value: Json): value is Json & { readonly Message: string } {
  return value.Type === 'Notification' && typeof value.Message === 'string';
}

/** A text for people in an envelope: what the service tells its owner. */
function noticeOf(value: Json, context: RenderContext): Notification | undefined {
  const { MessageId, Subject, Message, Timestamp } = value;
  if (typeof MessageId !== 'string' || typeof Subject !== 'string') return undefined;
  const at = typeof Timestamp === 'string' ? Timestamp : new Date(context.now).toISOString();
  const text = String(Message);
  const alert = alertOfNotice({ id: MessageId, subject: Subject, text, at }, context);
  return { alert, order: 0, counted: false, text: JSON.stringify(value) };
}

function isAlert(value: Json): value is Json & Alert {
  const { rule } = value as Partial<Alert>;
  return (
    'version' in value &&
    typeof value.id === 'string' &&
    Number.isSafeInteger(value.seq) &&
    (value.seq as number) >= 0 &&
    typeof value.status === 'string' &&
    typeof rule?.id === 'string' &&
    Array.isArray(value.to) &&
    Array.isArray(value.sources)
  );
}
