/** An alert as each kind of channel wants it. */
import type { Alert } from '../../alerts/alert.ts';
import type { Channel, Outgoing, RenderContext } from '../channel.ts';
import { renderWebhook } from './webhook.ts';

/** Never throws for an alert of the JSON form, whatever its texts hold. */
export function render(alert: Alert, channel: Channel, context: RenderContext): Outgoing {
  switch (channel.type) {
    case 'webhook':
      return renderWebhook(alert, channel, context);
    default:
      return { via: 'nothing', why: `${channel.type} is not rendered` };
  }
}
