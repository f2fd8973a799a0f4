/** What a message in a dead-letter queue is about. */
import { cleanLine, cut } from '../alerts/clean.ts';

export interface Letter {
  /** `batch`, `digest`, `notification` ... */
  readonly kind: string;
  readonly reason: string;
}

const LONGEST = 200;

/** Queues of the stack whose messages have been given up, by their logical ids. */
export function keepsFailures(logicalId: string): boolean {
  return /DeadLetter|Failures/.test(logicalId);
}

/** Our own letters say kind and reason; Lambda's have the failed call's answer. */
export function readLetter(body: string): Letter {
  const { kind, reason, requestPayload, responsePayload, requestContext } = parsed(body);
  if (typeof kind === 'string') return letter(kind, reason);
  if (requestPayload === undefined) return letter('message', 'of a form that is not known');
  const { errorMessage } = (responsePayload ?? {}) as { errorMessage?: unknown };
  const { condition } = (requestContext ?? {}) as { condition?: unknown };
  return letter('batch', errorMessage ?? condition);
}

function letter(kind: string, reason: unknown): Letter {
  const text = typeof reason === 'string' && reason !== '' ? reason : 'no reason given';
  return { kind, reason: cut(cleanLine(text), LONGEST) };
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
