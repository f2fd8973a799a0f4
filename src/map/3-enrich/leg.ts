/**
 * Who began the connection. SYN without ACK is a request, SYN-ACK a reply (flags are or-ed over the
 * interval, per direction); else the one service port against an ephemeral one decides.
 */
import type { NumberColumn } from '../../records/batch.ts';
import { isServicePort } from '../../records/services.ts';

export const LEGS = ['', 'request', 'reply', 'unknown'] as const;
export const REQUEST = 1;
export const REPLY = 2;
export const UNKNOWN = 3;

const SYN = 2;
const ACK = 16;
const TCP = 6;
const UDP = 17;
const SCTP = 132;

/** Columns that the decision needs; any may be missing from a format. */
export interface LegColumns {
  readonly flags: NumberColumn | undefined;
  readonly protocol: NumberColumn | undefined;
  readonly srcport: NumberColumn | undefined;
  readonly dstport: NumberColumn | undefined;
}

/**
 * REQUEST, REPLY or UNKNOWN for one row.
 * @param transit of a transit gateway, which reports every ACK: those of a client come to SYN and ACK too
 */
export function legOf(columns: LegColumns, row: number, transit = false): number {
  const flags = columns.flags === undefined ? Number.NaN : columns.flags.values[row];
  if ((flags & SYN) !== 0) {
    if ((flags & ACK) === 0) return REQUEST;
    if (!transit) return REPLY;
  }
  if (columns.srcport === undefined || columns.dstport === undefined) return UNKNOWN;
  if (columns.protocol !== undefined) {
    const protocol = columns.protocol.values[row];
    if (protocol !== TCP && protocol !== UDP && protocol !== SCTP) return UNKNOWN;
  }
  const srcport = columns.srcport.values[row];
  const dstport = columns.dstport.values[row];
  // Nobody listens on port 0, which stands for a port that is not known; nor can an absent one be told.
  if (!(srcport > 0 && dstport > 0)) return UNKNOWN;
  const from = isServicePort(srcport);
  const to = isServicePort(dstport);
  if (from === to) return UNKNOWN;
  return to ? REQUEST : REPLY;
}
