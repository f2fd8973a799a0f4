/** JSON that carries records: subscription payloads, Lambda events, log events, Firehose lines. */
import { UnreadableBatchError } from '../../map/1-decode/gunzip.ts';
import { batchIdentity } from '../../map/1-decode/identity.ts';
import type { Batch } from '../../map/1-decode/lines.ts';
import {
  decodePayload,
  decodeSubscription,
  linesOfEvents,
  payloadOfEvent,
  type Subscription,
} from '../../map/1-decode/subscription.ts';
import type { Source } from '../../ports/source.ts';
import type { Layout } from '../../records/layout.ts';

/** Log events gathered into one batch. */
const EVENTS = 8_192;

/** The layouts that the lines of a source without a header may have. */
export type LayoutChooser = (source: Source) => readonly Layout[];

/** Turns the JSON values of one source, one after another, into batches. */
export class PayloadReader {
  /** Faults since the last batch, by reason. */
  #faults: Record<string, number> = {};
  #events: unknown[] = [];
  #batches = 0;
  readonly #name: string;
  readonly #file: Source;
  readonly #layoutsOf: LayoutChooser;
  readonly #onSample: (reason: string, line: string) => void;
  /** Whether any value was one of the known shapes, be it without a record. */
  recognised = false;

  /**
   * @param name of the input, which names its batches
   * @param file the source of what names none
   */
  constructor(
    name: string,
    file: Source,
    layoutsOf: LayoutChooser,
    onSample: (reason: string, line: string) => void,
  ) {
    this.#name = name;
    this.#file = file;
    this.#layoutsOf = layoutsOf;
    this.#onSample = onSample;
  }

  fault(reason: string, count = 1): void {
    if (count > 0) this.#faults[reason] = (this.#faults[reason] ?? 0) + count;
  }

  /** One value, as JSON text. */
  *value(bytes: Uint8Array): Generator<Batch> {
    // A payload is by far the largest thing here and has a decoder of its own.
    if (isPayload(bytes)) {
      yield* this.#read(bytes, () => decodePayload(bytes));
      return;
    }
    const value = this.#parse(bytes);
    if (value === undefined) return;
    if (typeof value.awslogs === 'object') {
      yield* this.#read(bytes, () => decodeSubscription(payloadOfEvent(value)));
    } else if (typeof value.messageType === 'string') {
      yield* this.#read(bytes, () => decodePayload(bytes));
    } else if (Array.isArray(value.events)) {
      this.recognised = true;
      for (const event of value.events) yield* this.#event(event);
    } else if (typeof value.message === 'string') {
      this.recognised = true;
      yield* this.#event(value);
    } else if (value.searchedCompletely === undefined) {
      this.#unreadable('unknown-json', bytes);
    }
  }

  /** A payload as gzip. */
  *packed(bytes: Uint8Array): Generator<Batch> {
    yield* this.#read(new Uint8Array(0), () => decodeSubscription(bytes));
  }

  /** The events that wait, and faults that no batch has carried yet. */
  *flush(): Generator<Batch> {
    if (this.#events.length === 0 && Object.keys(this.#faults).length === 0) return;
    const { lines, ids } = linesOfEvents(this.#events);
    this.#events = [];
    const identity = batchIdentity(this.#name, String(this.#batches++), ids);
    yield this.#batch({
      lines,
      source: this.#file,
      layouts: this.#layoutsOf(this.#file),
      identity,
    });
  }

  *#event(event: unknown): Generator<Batch> {
    this.#events.push(trimmed(event));
    if (this.#events.length >= EVENTS) yield* this.flush();
  }

  *#read(bytes: Uint8Array, decode: () => Subscription): Generator<Batch> {
    let payload: Subscription;
    try {
      payload = decode();
    } catch (error) {
      if (!(error instanceof UnreadableBatchError)) throw error;
      this.#unreadable(error.reason, bytes);
      return;
    }
    this.recognised = true;
    if (payload.kind === 'control') return;
    const source: Source = {
      kind: 'logGroup',
      name: payload.logGroup,
      ...(payload.owner === '' ? {} : { account: payload.owner }),
    };
    const { lines, identity } = payload;
    yield this.#batch({ lines, source, layouts: this.#layoutsOf(source), identity });
  }

  #batch(batch: Batch): Batch {
    const faults: Record<string, number> = { ...batch.lines.faults };
    for (const [reason, count] of Object.entries(this.#faults)) {
      faults[reason] = (faults[reason] ?? 0) + count;
    }
    this.#faults = {};
    return { ...batch, lines: { ...batch.lines, faults } };
  }

  #parse(bytes: Uint8Array): Record<string, unknown> | undefined {
    try {
      const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
      return value as Record<string, unknown>;
    } catch {
      this.#unreadable('not-json', bytes);
      return undefined;
    }
  }

  #unreadable(reason: string, bytes: Uint8Array): void {
    this.fault(reason);
    this.#onSample(reason, new TextDecoder().decode(bytes.subarray(0, 120)));
  }
}

const PAYLOAD_START = /^\{\s*"messageType"\s*:/;

function isPayload(bytes: Uint8Array): boolean {
  return PAYLOAD_START.test(new TextDecoder().decode(bytes.subarray(0, 64)));
}

/** Firehose keeps the newline that ended the record. */
function trimmed(event: unknown): unknown {
  const message = (event as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? { ...(event as object), message: message.trim() } : event;
}
