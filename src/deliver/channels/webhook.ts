/** A signed webhook: the alert's own JSON, for whatever the owner has built. */
import { createHmac } from 'node:crypto';
import type { Alert } from '../../alerts/alert.ts';
import type { Outgoing, RenderContext } from '../channel.ts';

/**
 * The signature is HMAC-SHA256 over `{unix seconds}.{body}`, as `t=...,v1=...`: a receiver compares
 * it, and refuses a time that is old. The same (`id`, `seq`) is the same notification.
 */
export function renderWebhook(
  alert: Alert,
  { url, secret }: { readonly url: string; readonly secret: string },
  { now }: Pick<RenderContext, 'now'>,
): Outgoing {
  const body = JSON.stringify(alert);
  return {
    via: 'http',
    url,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': `${alert.id}-${alert.seq}`,
      'x-flowlog-alerts-signature': signature(body, secret, Math.floor(now / 1_000)),
    },
    body,
  };
}

/** `t={seconds},v1={hex}`. */
export function signature(body: string, secret: string, seconds: number): string {
  const hex = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${hex}`;
}
