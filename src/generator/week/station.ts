/** Network interfaces of the week's VPC. */
import type { Host } from '../network.ts';

/** An interface with what rendering and aggregation need of it. */
export interface Station extends Host {
  /** Distinct for each, to draw fixed ports and phases from. */
  readonly number: number;
  /** Seconds over which its flow log adds up. */
  readonly interval: 60 | 600;
}

export interface StationOptions {
  /** AWS runs the interface, so it has no instance id. */
  readonly managed?: boolean;
  readonly interval?: 60 | 600;
  /** In place of the IPv4 address that follows from subnet and number. */
  readonly address?: string;
}

/** The third byte of each subnet's addresses; web servers get a new subnet with each deployment. */
export const SUBNETS = {
  edge: 0,
  inner: 4,
  app: 20,
  data: 30,
  services: 40,
  windows: 50,
  batch: 60,
  functions: 70,
  endpoints: 80,
  web: 100,
} as const;

export const VPC_PREFIX = '10.20.';

/** IPv6 block of the VPC, unallocated so that nobody real is named. */
const VPC_PREFIX6 = '2d05:d018:aa:4200::';

export function station(
  name: string,
  subnet: number,
  last: number,
  { managed = false, interval = 60, address }: StationOptions = {},
): Station {
  const number = subnet * 256 + last;
  const zone = last % 2;
  const hex = (Math.imul(number, 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
  return {
    name,
    number,
    interval,
    address: address ?? `${VPC_PREFIX}${subnet}.${last}`,
    interfaceId: `eni-0${hex}b2c3d4e5`,
    subnetId: `subnet-0${(subnet * 2 + zone).toString(16).padStart(4, '0')}6f7a8b9c0d1e`,
    azId: `euw1-az${zone + 1}`,
    ...(managed ? {} : { instanceId: `i-0${hex}f6071829` }),
  };
}

/** The same interface under its IPv6 address. */
export function overIpv6(of: Station): Station {
  return { ...of, address: `${VPC_PREFIX6}${of.number.toString(16)}` };
}

/** A fixed ephemeral port for what two stations keep open; another for another `age`. */
export function standingPort(from: number, to: number, age = 0): number {
  let hash =
    Math.imul(from, 0x9e3779b1) ^ Math.imul(to + 0x7f4a, 0x85ebca6b) ^ Math.imul(age, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return 32_768 + (((hash ^ (hash >>> 13)) >>> 0) % 28_000);
}
