/** Which channels an alert goes to. */
import type { Alert } from '../alerts/alert.ts';
import { meetsAlert } from '../alerts/alert-match.ts';
import type { DeliverySettings } from '../config/snapshot.ts';
import { TEST_LOG_GROUP } from '../config/system-rules.ts';

/** What rules name where nobody thought of channels: e-mail by the topic reaches its readers anyway. */
const DEFAULT_CHANNEL = 'default';

export interface Routed {
  /** Channels that exist. */
  readonly to: readonly string[];
  /** Names without a channel. */
  readonly unknown: readonly string[];
}

/**
 * What the rule names, and what routes add. Alerts about the service itself go to the owner, and by
 * those routes alone that speak of a `type`: a route for everything means everything in the network.
 */
export function channelsFor(
  alert: Alert,
  delivery: DeliverySettings | undefined,
  known: ReadonlySet<string>,
): Routed {
  const wanted = new Set(alert.to);
  for (const { match, to } of delivery?.routes ?? []) {
    if (alert.type === 'service' && !Object.hasOwn(match, 'type')) continue;
    if (meetsAlert(match, alert)) for (const name of to) wanted.add(name);
  }
  if (alert.type === 'service' && delivery?.owner !== undefined) wanted.add(delivery.owner);
  const tested = alert.type === 'test' ? testedChannel(alert) : undefined;
  if (tested !== undefined) wanted.add(tested);
  if (!known.has(DEFAULT_CHANNEL)) wanted.delete(DEFAULT_CHANNEL);
  const names = [...wanted];
  return {
    to: names.filter((name) => known.has(name)),
    unknown: names.filter((name) => !known.has(name)),
  };
}

/** The channel that `test-alert --channel` asks for. */
function testedChannel({ sources }: Alert): string | undefined {
  const prefix = `${TEST_LOG_GROUP}/`;
  const group = sources.find(({ logGroup }) => logGroup?.startsWith(prefix))?.logGroup;
  return group?.slice(prefix.length);
}
