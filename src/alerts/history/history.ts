/** What was sent and what was not, gathered from log lines in any order. */
import type { LogLine } from '../../ports/function-log.ts';
import type { Severity } from '../../rules/compiled.ts';
import type { Alert, AlertStatus, AlertType, RecordMap } from '../alert.ts';
import type { Reason } from '../reasons.ts';
import { type Delivered, type Failed, readLine, type Sent, type Untold } from './read-line.ts';

/** `failed`: decided to be sent, but the alert topic has not taken it. */
export type Outcome = Reason | 'failed';

/** What a channel came to in the end. */
export interface ChannelOutcome {
  readonly channel: string;
  readonly outcome: string;
  readonly reason?: string;
}

/** One message that was sent, or one decision not to. */
export interface HistoryEntry {
  /** When it was decided or sent; ISO 8601. */
  readonly time: string;
  readonly outcome: Outcome;
  readonly id: string;
  /** Of a message. */
  readonly seq?: number;
  readonly type?: AlertType;
  readonly status?: AlertStatus;
  readonly rule: string;
  readonly severity?: Severity;
  readonly group: RecordMap;
  readonly message: string;
  readonly silence?: string;
  readonly inhibitedBy?: { readonly rule: string; readonly id: string };
  /** Why the topic did not take it. */
  readonly reason?: string;
  /** Of a message, where the function deliver has told of it. */
  readonly channels?: readonly ChannelOutcome[];
}

interface Dated<T> {
  readonly at: number;
  readonly line: T;
}

export class History {
  readonly #sent = new Map<string, Dated<Sent>>();
  readonly #failed = new Map<string, Dated<Failed>>();
  readonly #untold = new Map<string, Dated<Untold>>();
  readonly #channels = new Map<string, Map<string, Dated<Delivered>>>();

  /** A line that tells of something else is passed over, and one that says the same again too. */
  add({ at, text }: LogLine): void {
    const line = readLine(text);
    switch (line?.kind) {
      case 'sent': {
        const { id, seq } = line.alert;
        earliest(this.#sent, nameOf(id, seq), { at, line });
        break;
      }
      case 'failed':
        latest(this.#failed, nameOf(line.id, line.seq), { at, line });
        break;
      case 'untold': {
        const { id, reason, slot, status = 'firing' } = line;
        earliest(this.#untold, `${id} ${reason} ${slot} ${status}`, { at, line });
        break;
      }
      case 'delivery':
        this.#addDelivery(at, line);
    }
  }

  /** Everything, the newest last. */
  entries(): HistoryEntry[] {
    const all: Dated<HistoryEntry>[] = [];
    for (const { at, line } of this.#sent.values()) all.push({ at, line: this.#message(at, line) });
    for (const [name, { at, line }] of this.#failed) {
      // It was taken when it was tried again.
      if (!this.#sent.has(name)) all.push({ at, line: failure(at, line) });
    }
    for (const { at, line } of this.#untold.values()) all.push({ at, line: decision(at, line) });
    return all.sort((a, b) => a.at - b.at).map(({ line }) => line);
  }

  /** Messages that were sent, as they were. */
  alerts(): Alert[] {
    return [...this.#sent.values()].map(({ line }) => line.alert);
  }

  #addDelivery(at: number, line: Delivered): void {
    const name = nameOf(line.id, line.seq);
    const channels = this.#channels.get(name) ?? new Map<string, Dated<Delivered>>();
    this.#channels.set(name, channels);
    const known = channels.get(line.channel);
    // A copy that came twice says nothing of what became of the first.
    if (known && line.outcome === 'duplicate') return;
    if (known?.line.outcome === 'duplicate') channels.delete(line.channel);
    latest(channels, line.channel, { at, line });
  }

  #message(at: number, { alert }: Sent): HistoryEntry {
    const { id, seq, type, status, rule, group, message } = alert;
    const channels = [...(this.#channels.get(nameOf(id, seq))?.values() ?? [])];
    return {
      time: iso(at),
      outcome: 'notified',
      id,
      seq,
      type,
      status,
      rule: rule.id,
      severity: rule.severity,
      group,
      message,
      ...(channels.length > 0 && {
        channels: channels.map(({ line: { channel, outcome, reason } }) => ({
          channel,
          outcome,
          ...(reason === undefined ? {} : { reason }),
        })),
      }),
    };
  }
}

function decision(at: number, line: Untold): HistoryEntry {
  const { reason, id, status, rule, severity, group, message, silence, inhibitedBy } = line;
  return {
    time: iso(at),
    outcome: reason,
    id,
    ...(status && { status }),
    rule,
    ...(severity && { severity }),
    group: group ?? {},
    message: message ?? '',
    ...(silence && { silence }),
    ...(inhibitedBy && { inhibitedBy }),
  };
}

function failure(at: number, { id, seq, rule, reason }: Failed): HistoryEntry {
  return { time: iso(at), outcome: 'failed', id, seq, rule, group: {}, message: '', reason };
}

function nameOf(id: string, seq: number): string {
  return `${id}#${seq}`;
}

function earliest<T>(map: Map<string, Dated<T>>, name: string, one: Dated<T>): void {
  const known = map.get(name);
  if (!known || one.at < known.at) map.set(name, one);
}

function latest<T>(map: Map<string, Dated<T>>, name: string, one: Dated<T>): void {
  const known = map.get(name);
  if (!known || one.at >= known.at) map.set(name, one);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
