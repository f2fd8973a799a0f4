/** An alert as each kind of channel wants it. */
import type { Alert } from '../../alerts/alert.ts';
import type { Channel, Outgoing, RenderContext } from '../channel.ts';
import { renderChatbot } from './chatbot.ts';
import { renderOcsf } from './ocsf.ts';
import { renderPagerDuty } from './pagerduty.ts';
import { renderSecurityHub } from './securityhub.ts';
import { renderSlack } from './slack.ts';
import { renderTeams } from './teams.ts';
import { renderWebhook } from './webhook.ts';

/**
 * Whatever an alert's texts hold, what comes back is valid for its receiver and within its limits;
 * what did not fit is left out and said to be.
 */
export function render(alert: Alert, channel: Channel, context: RenderContext): Outgoing {
  switch (channel.type) {
    case 'slack':
      return renderSlack(alert, channel, context);
    case 'teams':
      return renderTeams(alert, channel, context);
    case 'pagerduty':
      return renderPagerDuty(alert, channel, context);
    case 'webhook':
      return renderWebhook(alert, channel, context);
    case 'chatbot':
      return renderChatbot(alert, context);
    case 'securityhub':
      return renderSecurityHub(alert, context);
    case 'ocsf':
      return renderOcsf(alert, channel, context);
  }
}
