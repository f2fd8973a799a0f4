/** Fills the derived fields that some rule needs, a column at a time. */
import { AddressSet } from '../../records/address-set.ts';
import type {
  AddressColumn,
  CodeColumn,
  NumberColumn,
  RecordBatch,
  TextColumn,
} from '../../records/batch.ts';
import { fieldFor } from '../../records/batch.ts';
import { SERVICE_NAMES, serviceId } from '../../records/services.ts';
import { LEGS, type LegColumns, legOf, REPLY, REQUEST, UNKNOWN } from './leg.ts';

const INBOUND = 1;
const OUTBOUND = 2;
const INTERNAL = 3;
const EXTERNAL = 4;
const SOURCE = 1;
const DESTINATION = 2;

const NEEDS_LEG = ['leg', 'server-port', 'client-addr', 'server-addr', 'service'] as const;

export class Enricher {
  readonly #internal: AddressSet;
  readonly #needed: ReadonlySet<string>;
  readonly #needsLeg: boolean;

  /**
   * @param internal CIDR blocks of the list `internal`
   * @param needed names of the fields rules use; others are not computed
   */
  constructor(internal: readonly string[], needed: ReadonlySet<string>) {
    this.#internal = new AddressSet(internal);
    this.#needed = needed;
    this.#needsLeg = NEEDS_LEG.some((name) => needed.has(name));
  }

  enrich(batch: RecordBatch): void {
    if (this.#needsLeg) this.#legs(batch);
    if (this.#needed.has('traffic')) this.#traffic(batch);
    if (this.#needed.has('duration')) duration(batch);
    if (this.#needed.has('vantage')) vantage(batch);
  }

  #legs(batch: RecordBatch): void {
    const columns: LegColumns = {
      flags: numbers(batch, 'tcp-flags'),
      protocol: numbers(batch, 'protocol'),
      srcport: numbers(batch, 'srcport'),
      dstport: numbers(batch, 'dstport'),
    };
    const legs = batch.define(fieldFor('leg'), LEGS) as CodeColumn;
    if (batch.transit.includes(true)) {
      for (let row = 0; row < batch.count; row++) {
        legs.codes[row] = legOf(columns, row, batch.isTransit(row));
      }
    } else for (let row = 0; row < batch.count; row++) legs.codes[row] = legOf(columns, row);
    this.#ports(batch, legs, columns);
    this.#sides(batch, legs);
  }

  #ports(batch: RecordBatch, legs: CodeColumn, columns: LegColumns): void {
    if (!this.#needed.has('server-port') && !this.#needed.has('service')) return;
    const port = batch.define(fieldFor('server-port')) as NumberColumn;
    const service = batch.define(fieldFor('service'), SERVICE_NAMES) as CodeColumn;
    for (let row = 0; row < batch.count; row++) {
      const leg = legs.codes[row];
      const side = leg === REQUEST ? columns.dstport : leg === REPLY ? columns.srcport : undefined;
      const value = side === undefined ? Number.NaN : side.values[row];
      port.values[row] = value;
      const protocol = columns.protocol === undefined ? Number.NaN : columns.protocol.values[row];
      service.codes[row] = !Number.isNaN(value) ? serviceId(value, protocol) : 0;
    }
  }

  #sides(batch: RecordBatch, legs: CodeColumn): void {
    const source = addresses(batch, 'srcaddr');
    const destination = addresses(batch, 'dstaddr');
    if (!source || !destination) return;
    for (const [name, ofRequest, ofReply] of [
      ['client-addr', source, destination],
      ['server-addr', destination, source],
    ] as const) {
      if (!this.#needed.has(name)) continue;
      const column = batch.define(fieldFor(name)) as AddressColumn;
      for (let row = 0; row < batch.count; row++) {
        if (legs.codes[row] === UNKNOWN) column.family[row] = 0;
        else copyAddress(legs.codes[row] === REQUEST ? ofRequest : ofReply, column, row, batch);
      }
    }
  }

  #traffic(batch: RecordBatch): void {
    const packetSource = addresses(batch, 'pkt-srcaddr') ?? addresses(batch, 'srcaddr');
    const packetDestination = addresses(batch, 'pkt-dstaddr') ?? addresses(batch, 'dstaddr');
    if (!packetSource || !packetDestination) return;
    const source = addresses(batch, 'srcaddr') ?? packetSource;
    const destination = addresses(batch, 'dstaddr') ?? packetDestination;
    const traffic = batch.define(fieldFor('traffic')) as CodeColumn;
    for (let row = 0; row < batch.count; row++) {
      const from = packetSource.family[row] === 0 ? source : packetSource;
      const to = packetDestination.family[row] === 0 ? destination : packetDestination;
      if (from.family[row] === 0 || to.family[row] === 0) {
        traffic.codes[row] = 0;
        continue;
      }
      const inside = this.#internal.has(from, row);
      traffic.codes[row] = this.#internal.has(to, row)
        ? inside
          ? INTERNAL
          : INBOUND
        : inside
          ? OUTBOUND
          : EXTERNAL;
    }
  }
}

function duration(batch: RecordBatch): void {
  const start = numbers(batch, 'start');
  const end = numbers(batch, 'end');
  if (!start || !end) return;
  const column = batch.define(fieldFor('duration')) as NumberColumn;
  for (let row = 0; row < batch.count; row++) {
    column.values[row] = Math.max(0, end.values[row] - start.values[row]);
  }
}

function vantage(batch: RecordBatch): void {
  const direction = batch.column('flow-direction') as TextColumn | undefined;
  if (!direction) return;
  const column = batch.define(fieldFor('vantage')) as CodeColumn;
  const { bytes } = batch;
  for (let row = 0; row < batch.count; row++) {
    const from = direction.starts[row];
    const size = direction.ends[row] - from;
    // Of the two words that AWS writes, length and first letter tell; anything else says nothing.
    const egress = size === 6 && bytes[from] === 0x65;
    const ingress = size === 7 && bytes[from] === 0x69;
    column.codes[row] = egress ? SOURCE : ingress ? DESTINATION : 0;
    // What goes into a transit gateway comes from the source's attachment.
    if ((egress || ingress) && batch.isTransit(row))
      column.codes[row] = ingress ? SOURCE : DESTINATION;
  }
}

function copyAddress(
  from: AddressColumn,
  to: AddressColumn,
  row: number,
  batch: RecordBatch,
): void {
  to.family[row] = from.family[row];
  to.v4[row] = from.v4[row];
  if (from.family[row] !== 6 || !from.v6) return;
  to.v6 ??= new Uint32Array(batch.capacity * 4);
  for (let i = row * 4; i < row * 4 + 4; i++) to.v6[i] = from.v6[i];
}

function numbers(batch: RecordBatch, name: string): NumberColumn | undefined {
  const column = batch.column(name);
  return column?.kind === 'number' ? column : undefined;
}

function addresses(batch: RecordBatch, name: string): AddressColumn | undefined {
  const column = batch.column(name);
  return column?.kind === 'address' ? column : undefined;
}
