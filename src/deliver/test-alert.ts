/** A test alert that was never a flow: for a channel alone, straight to it. */
import type { Alert, AlertStatus } from '../alerts/alert.ts';
import { bareAlert } from '../alerts/bare-alert.ts';
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
  return bareAlert({
    type: 'test',
    stage,
    id: `test-${channel}`,
    seq: status === 'firing' ? 0 : 1,
    status,
    rule: { id, title, severity, tags, references: [] },
    window: { start: at, end: at },
    value: 1,
    threshold: 0,
    message: `A test: who reads this knows that the channel ${channel} works. Nothing happened in the network.`,
    sources: [{ account, region, logGroup: `${TEST_LOG_GROUP}/${channel}`, records: 0 }],
    to: [channel],
  });
}
