/** A conversation becomes the rows that flow logs write of it: one a leg, interface and interval. */
import { TCP } from '../flow.ts';
import type { Conversation } from './conversation.ts';
import type { Station } from './station.ts';

/** One record. */
export interface Row {
  readonly at: Station;
  readonly status: 'OK' | 'NODATA' | 'SKIPDATA';
  readonly src: string;
  readonly dst: string;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly protocol: number;
  packets: number;
  bytes: number;
  start: number;
  end: number;
  readonly rejected: boolean;
  flags: number;
  readonly egress: boolean;
  readonly packetSrc: string;
  readonly packetDst: string;
  readonly srcService: string | undefined;
  readonly dstService: string | undefined;
  /** 0 where there is none. */
  readonly path: number;
}

const FIN = 1;
const SYN = 2;
const RST = 4;
const SYN_ACK = 18;
const MINUTE = 60;

/** Writes a conversation's rows, cut where a minute ends. */
export function writeRows(conversation: Conversation, write: (row: Row) => void): void {
  const { start, end } = conversation;
  const first = Math.floor(start / MINUTE);
  const last = Math.floor(end / MINUTE);
  const pieces = last - first + 1;
  if (pieces === 1) writePiece(conversation, write);
  else writePieces(conversation, first, pieces, write);
}

function writePieces(
  conversation: Conversation,
  first: number,
  pieces: number,
  write: (row: Row) => void,
): void {
  const { start, end } = conversation;
  for (let index = 0; index < pieces; index++) {
    const from = index === 0 ? start : (first + index) * MINUTE;
    const to = index === pieces - 1 ? end : (first + index) * MINUTE + MINUTE - 1;
    const { sent, received, part } = conversation;
    writePiece(
      {
        ...conversation,
        start: from,
        end: to,
        sent: share(sent, index, pieces),
        ...(received && { received: share(received, index, pieces) }),
        part: part ?? (index === 0 ? 'first' : index === pieces - 1 ? 'last' : 'middle'),
      },
      write,
    );
  }
}

/** A part of an amount, at least one packet; the last part takes what remains. */
function share(amount: Conversation['sent'], index: number, pieces: number): Conversation['sent'] {
  const packets = Math.max(1, Math.floor(amount.packets / pieces));
  const bytes = Math.max(40, Math.floor(amount.bytes / pieces));
  if (index < pieces - 1) return { packets, bytes };
  return {
    packets: Math.max(1, amount.packets - packets * index),
    bytes: Math.max(40, amount.bytes - bytes * index),
  };
}

function writePiece(conversation: Conversation, write: (row: Row) => void): void {
  const { client, server, received, rejectedBy } = conversation;
  if (typeof client !== 'string') {
    write(rowOf(conversation, client, 'client', true));
    if (received && !rejectedBy) write(rowOf(conversation, client, 'client', false));
  }
  // What the client's own rules turn away never reaches the server.
  if (typeof server !== 'string' && rejectedBy !== 'client') {
    write(rowOf(conversation, server, 'server', true));
    if (received && !rejectedBy) write(rowOf(conversation, server, 'server', false));
  }
}

function rowOf(
  conversation: Conversation,
  at: Station,
  end: 'client' | 'server',
  request: boolean,
): Row {
  const { client, server, packet, rejectedBy, awsService } = conversation;
  const from = typeof client === 'string' ? client : client.address;
  const to = typeof server === 'string' ? server : server.address;
  const packetFrom = packet ? packet.client : from;
  const packetTo = packet ? packet.server : to;
  const { packets, bytes } = request
    ? conversation.sent
    : (conversation.received as Conversation['sent']);
  const egress = request === (end === 'client');
  return {
    at,
    status: 'OK',
    src: request ? from : to,
    dst: request ? to : from,
    srcPort: request ? conversation.clientPort : conversation.serverPort,
    dstPort: request ? conversation.serverPort : conversation.clientPort,
    protocol: conversation.protocol,
    packets,
    bytes,
    start: conversation.start,
    end: conversation.end,
    rejected: rejectedBy === end,
    flags: conversation.protocol === TCP ? flagsOf(conversation, request) : 0,
    egress,
    packetSrc: request ? packetFrom : packetTo,
    packetDst: request ? packetTo : packetFrom,
    srcService: request ? undefined : awsService,
    dstService: request ? awsService : undefined,
    path: egress ? pathOf(conversation, request ? to : from) : 0,
  };
}

function flagsOf(conversation: Conversation, request: boolean): number {
  const { part = 'whole', received, rejectedBy, refused, flags } = conversation;
  if (flags !== undefined && request) return flags;
  if (refused) return request ? SYN : RST;
  const opening = request ? SYN : SYN_ACK;
  if (rejectedBy || !received || part === 'first') return opening;
  if (part === 'whole') return opening | FIN;
  return part === 'last' ? FIN : 0;
}

/** 1 within the VPC, 3 the VPN's gateway, 7 a gateway endpoint, 8 the internet gateway. */
function pathOf({ path, awsService }: Conversation, target: string): number {
  if (path !== undefined) return path;
  if (target.startsWith('10.20.') || target.startsWith('2d05:')) return 1;
  if (target.startsWith('172.') || target.startsWith('10.')) return 3;
  return awsService === 'S3' ? 7 : 8;
}
