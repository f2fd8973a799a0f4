/** A test alert that was never a flow: for a channel alone, straight to it. */
import type { Alert, AlertStatus } from '../alerts/alert.ts';
import { TEST_ALERT_RULE, TEST_LOG_GROUP } from '../config/system-rules.ts';
import type { RenderContext } from './channel.ts';

/** @param channel its name */
export function channelTestAlert(
  channel: string,
  status: Exclude<AlertStatus, 'updated'>,
  { account, region, stage, now }: RenderContext,
): Alert {
  const { id, title, severity, tags } = TEST_ALERT_RULE;
  const at = new Date(now).toISOString();
  return {
    version: 1,
    type: 'test',
    stage,
    id: `test-${channel}`,
    seq: status === 'firing' ? 0 : 1,
    status,
    rule: { id, title, severity, tags, references: [] },
    group: {},
    window: { start: at, end: at },
    firstSeen: at,
    lastSeen: at,
    detectedAt: at,
    value: 1,
    threshold: 0,
    suppressed: 0,
    message: `A test: who reads this knows that the channel ${channel} works. Nothing happened in the network.`,
    evidence: { records: 0, bytes: 0, packets: 0, samples: [], top: {} },
    sources: [{ account, region, logGroup: `${TEST_LOG_GROUP}/${channel}`, records: 0 }],
    visibility: { skipped: 0, malformed: 0, lagSeconds: 0, covered: true },
    links: {},
    context: {},
    to: [channel],
  };
}
