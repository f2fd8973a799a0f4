/** Sends what a checkpoint has promised: alerts to the topic, metrics to the sink. */
import type { Alert } from '../../alerts/alert.ts';
import type { Log } from '../../ports/log.ts';
import type { MetricPoint, MetricSink } from '../../ports/metric-sink.ts';
import { type DeadLetters, type Notifier, PermanentNotifyError } from '../../ports/notifier.ts';
import { addMetric } from '../metrics.ts';
import type { OutboxEntry, ShardState } from '../state.ts';
import { alertOf, isHopeless, postpone, release } from './outbox.ts';

export interface PublishPorts {
  readonly notifier: Notifier;
  readonly metrics: MetricSink;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  /** Unix ms. Only publishing looks at it: leases and back-off. */
  readonly now: () => number;
}

/** Longest that one run goes on sending, ms: what it sent must be saved before the function's time is up. */
const SEND_FOR = 30_000;

/** What this instance has done that the stored checkpoint, as far as it knows, does not say yet. */
export interface Unsaved {
  /** Names of what was sent or parked, but is still in the stored outbox. */
  readonly done: Set<string>;
  /** Those of them that were parked, to be counted. */
  readonly parked: Set<string>;
}

export class Publisher {
  readonly #ports: PublishPorts;

  constructor(ports: PublishPorts) {
    this.#ports = ports;
  }

  /** Sends what was claimed; what fails goes back with a later time, or to the dead letters. */
  async publish(
    unsaved: Unsaved,
    alerts: readonly OutboxEntry<Alert>[],
    points: readonly OutboxEntry<readonly MetricPoint[]>[],
  ): Promise<void> {
    // Side by side: a topic that does not answer must not keep the metrics back.
    await Promise.all([this.#publishAlerts(unsaved, alerts), this.#publishPoints(unsaved, points)]);
  }

  async #publishAlerts(unsaved: Unsaved, alerts: readonly OutboxEntry<Alert>[]): Promise<void> {
    const { now } = this.#ports;
    const end = now() + SEND_FOR;
    const waiting = new Set<string | undefined>();
    for (const entry of alerts) {
      // A message whose predecessor could not be sent waits for it: an end never precedes its firing.
      if (now() >= end || waiting.has(alertOf(entry))) release(entry);
      else if (await this.#publishAlert(unsaved, entry)) unsaved.done.add(nameOf(entry));
      else waiting.add(alertOf(entry));
    }
  }

  /** Points are the sink's to retry: tried again, those that were taken would count twice. */
  async #publishPoints(
    unsaved: Unsaved,
    points: readonly OutboxEntry<readonly MetricPoint[]>[],
  ): Promise<void> {
    for (const entry of points) {
      try {
        await this.#ports.metrics.publish(entry.item);
      } catch (error) {
        this.#ports.log('warn', 'metrics-not-published', { reason: (error as Error).message });
      }
      unsaved.done.add(nameOf(entry));
    }
  }

  /** @returns whether it is out of this reducer's hands */
  async #publishAlert(unsaved: Unsaved, entry: OutboxEntry<Alert>): Promise<boolean> {
    const { log, notifier, now } = this.#ports;
    const { id, seq, rule } = entry.item;
    try {
      const messageId = await notifier.publish(entry.item);
      log('info', 'notification', {
        id,
        seq,
        rule: rule.id,
        sent: true,
        messageId,
        alert: entry.item,
      });
      return true;
    } catch (error) {
      const reason = (error as Error).message;
      log('warn', 'notification-failed', {
        id,
        seq,
        rule: rule.id,
        attempts: entry.attempts,
        reason,
      });
      if (error instanceof PermanentNotifyError || isHopeless(entry, now())) {
        return this.#parkAlert(unsaved, entry, reason);
      }
      postpone(entry, now());
      return false;
    }
  }

  async #parkAlert(unsaved: Unsaved, entry: OutboxEntry<Alert>, reason: string): Promise<boolean> {
    try {
      const body = JSON.stringify(entry.item);
      await this.#ports.deadLetters.park({ kind: 'notification', reason, body });
      unsaved.parked.add(nameOf(entry));
      return true;
    } catch (error) {
      // It stays in the outbox: better late than lost.
      this.#ports.log('error', 'dead-letter-failed', { reason: (error as Error).message });
      postpone(entry, this.#ports.now());
      return false;
    }
  }
}

/** Takes what is done out of the outbox, also out of a state that was loaded anew. */
export function takeOut(state: ShardState, { done, parked }: Unsaved, stage: string): void {
  if (done.size === 0) return;
  const failures = state.outbox.filter((entry) => parked.has(nameOf(entry))).length;
  addMetric(state, 'DeliveryFailures', { Stage: stage }, failures);
  state.outbox = state.outbox.filter((entry) => !done.has(nameOf(entry)));
  state.metricsOutbox = state.metricsOutbox.filter((entry) => !done.has(nameOf(entry)));
}

function nameOf(entry: OutboxEntry<unknown>): string {
  const alert = entry.item as Partial<Alert>;
  return alert.id === undefined ? `metrics#${entry.since}` : `${alert.id}#${alert.seq}`;
}
