import type {
  DeliveryBook,
  DeliveryKey,
  DeliveryRow,
  DeliveryState,
} from '../../ports/delivery-book.ts';

/** Keeps rows in memory; fails on demand. */
export class MemoryDeliveryBook implements DeliveryBook {
  readonly rows = new Map<string, DeliveryRow>();
  readonly #errors: [operation: string, error: Error][] = [];

  /** Makes the next calls of an operation fail, one for each error. */
  failNext(operation: 'of' | 'claim' | 'postpone' | 'settle', ...errors: readonly Error[]): void {
    this.#errors.push(...errors.map((error): [string, Error] => [operation, error]));
  }

  async of(id: string): Promise<DeliveryRow[]> {
    this.#mayFail('of');
    return [...this.rows.values()].filter((row) => row.id === id);
  }

  async claim(
    key: DeliveryKey,
    { message, now, until, peers }: Parameters<DeliveryBook['claim']>[1],
  ): Promise<DeliveryRow | undefined> {
    this.#mayFail('claim');
    const row = this.rows.get(nameOf(key));
    if (row !== undefined && !isFree(row, message, now)) return undefined;
    const going = row !== undefined && row.state !== 'parked' ? row : undefined;
    const claimed: DeliveryRow = {
      ...keyOf(key),
      state: 'claimed',
      message,
      since: going?.since ?? now,
      attempts: (going?.attempts ?? 0) + 1,
      notBefore: until,
      peers,
      ...(going?.reason !== undefined && { reason: going.reason }),
    };
    this.rows.set(nameOf(key), claimed);
    return claimed;
  }

  async postpone(
    key: DeliveryKey,
    { message, now, notBefore, peers, reason }: Parameters<DeliveryBook['postpone']>[1],
  ): Promise<void> {
    this.#mayFail('postpone');
    const row = this.rows.get(nameOf(key));
    if (row !== undefined && row.state !== 'again') return;
    const { since, attempts } = row ?? { since: now, attempts: 0 };
    const rest = { state: 'again', message, since, attempts, notBefore, peers, reason } as const;
    this.rows.set(nameOf(key), { ...keyOf(key), ...rest });
  }

  async settle(
    key: DeliveryKey,
    { state, message, now, notBefore = 0, reason }: Parameters<DeliveryBook['settle']>[1],
  ): Promise<void> {
    this.#mayFail('settle');
    const row = this.rows.get(nameOf(key));
    if (row?.state === 'delivered') return;
    this.rows.set(nameOf(key), {
      ...keyOf(key),
      state,
      message,
      since: row?.since ?? now,
      attempts: row?.attempts ?? 0,
      notBefore,
      peers: row?.peers ?? [key.channel],
      ...(reason !== undefined && { reason }),
    });
  }

  /** What became of a notification on a channel. */
  state(key: DeliveryKey): DeliveryState | undefined {
    return this.rows.get(nameOf(key))?.state;
  }

  #mayFail(operation: string): void {
    const index = this.#errors.findIndex(([name]) => name === operation);
    const [failed] = index < 0 ? [] : this.#errors.splice(index, 1);
    if (failed !== undefined) throw failed[1];
  }
}

function nameOf({ id, order, channel }: DeliveryKey): string {
  return JSON.stringify([id, order, channel]);
}

function keyOf({ id, order, channel }: DeliveryKey): DeliveryKey {
  return { id, order, channel };
}

function isFree({ state, message, notBefore }: DeliveryRow, by: string, now: number): boolean {
  if (state === 'delivered') return false;
  return state === 'parked' ? message !== by : notBefore <= now;
}
