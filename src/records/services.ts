/**
 * Service names by port, as IANA registers them. Lookups are array reads without allocation: every
 * record passes here. The table is written by bin/services.ts.
 */
import { SERVICES_TABLE } from './services-table.ts';

const TCP = 6;
const UDP = 17;
const WELL_KNOWN = 1_024;
/** Linux hands out ephemeral ports from 32768 up; a port above never tells the serving side. */
const EPHEMERAL = 32_768;

const names: string[] = [''];
const tcpIds = new Uint16Array(65_536);
const udpIds = new Uint16Array(65_536);
const servicePorts = new Uint8Array(65_536).fill(1, 0, WELL_KNOWN);

const ids = new Map<string, number>([['', 0]]);

function idOf(name: string): number {
  const known = ids.get(name);
  if (known !== undefined) return known;
  ids.set(name, names.length);
  return names.push(name) - 1;
}

let port = 0;
for (const word of SERVICES_TABLE.trim().split(/\s+/)) {
  if (word.startsWith('@')) {
    port = Number(word.slice(1));
    continue;
  }
  if (word !== '*') {
    const [tcp, udp = tcp] = word.split('|') as [string, string?];
    tcpIds[port] = idOf(tcp);
    udpIds[port] = idOf(udp);
  }
  if (port < EPHEMERAL) servicePorts[port] = 1;
  port++;
}

/** Names by service id; entry 0 is the empty name of ports that have none. */
export const SERVICE_NAMES: readonly string[] = names;

/**
 * The id of a port's service in `SERVICE_NAMES`, 0 where IANA names none.
 * @param protocol IANA number; only TCP (6) and UDP (17) have services
 */
export function serviceId(port: number, protocol: number): number {
  if (protocol === TCP) return tcpIds[port] ?? 0;
  if (protocol === UDP) return udpIds[port] ?? 0;
  return 0;
}

/** The IANA name of the service at a port, e.g. `ssh` for 22 and 6 (TCP). */
export function serviceName(port: number, protocol: number): string | undefined {
  const id = serviceId(port, protocol);
  return id === 0 ? undefined : SERVICE_NAMES[id];
}

/**
 * Whether a port is one that servers listen on: a well-known port (below 1024) or one of the table's,
 * below 32768. A port that is not may still serve, but it cannot be told from an ephemeral one.
 */
export function isServicePort(port: number): boolean {
  return servicePorts[port] === 1;
}
