import type { Alert } from '../../../src/alerts/alert.ts';
import { alertLinks } from '../../../src/alerts/links.ts';
import type { Channel, Outgoing, RenderContext } from '../../../src/deliver/channel.ts';
import { render } from '../../../src/deliver/channels/render.ts';
import { anAlert } from '../../alerts/an-alert.ts';

export const CONTEXT: RenderContext = {
  account: '123456789012',
  region: 'eu-west-1',
  stage: 'prod',
  now: Date.parse('2026-11-23T10:41:05.500Z'),
};

/** One of each, none of them real. */
export const CHANNELS = {
  slack: { type: 'slack', url: 'https://hooks.slack.com/services/T000/B000/XXXX' },
  teams: { type: 'teams', url: 'https://example.westeurope.logic.azure.com/workflows/1?sig=abc' },
  pagerduty: { type: 'pagerduty', routingKey: 'R0123456789012345678901234567890' },
  webhook: {
    type: 'webhook',
    url: 'https://example.com/hook/abc',
    secret: 'correct horse battery',
  },
  chatbot: { type: 'chatbot' },
  securityhub: { type: 'securityhub' },
  ocsf: { type: 'ocsf', url: 'https://lake.example.com/ingest' },
} as const satisfies Record<string, Channel>;

/** With links, a course over time and a name for the target. */
export function aFullAlert(changes: Partial<Alert> = {}): Alert {
  const base = anAlert();
  const series = { start: '2026-11-23T10:31:00Z', slot: 60, values: [4, 12, 64, 30, 10] };
  return {
    ...base,
    evidence: { ...base.evidence, series },
    links: alertLinks(base),
    context: {
      dst: { kind: 'instance', name: 'web-1', 'instance-id': 'i-0abc', 'vpc-id': 'vpc-1' },
    },
    ...changes,
  };
}

export function anOver(changes: Partial<Alert> = {}): Alert {
  const { evidence } = anAlert();
  return aFullAlert({
    status: 'resolved',
    seq: 2,
    evidence: { ...evidence, samples: [], top: {} },
    ...changes,
  });
}

/** The JSON of what is to be sent, whichever way it goes. */
export function sent(alert: Alert, channel: Channel, context = CONTEXT): Record<string, unknown> {
  const outgoing = render(alert, channel, context);
  return payloadOf(outgoing);
}

export function payloadOf(outgoing: Outgoing): Record<string, unknown> {
  if (outgoing.via === 'http') return JSON.parse(outgoing.body) as Record<string, unknown>;
  if (outgoing.via === 'sns') return JSON.parse(outgoing.message) as Record<string, unknown>;
  if (outgoing.via === 'securityhub') return { ...outgoing.finding };
  throw new Error(`nothing is sent: ${outgoing.why}`);
}
