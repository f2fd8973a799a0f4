/** The small VPC that the generator plays: a load-balanced web site with the usual hosts around it. */

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
export const VPC = 'vpc-0f1e2d3c4b5a69788';

/** A network interface inside the VPC. */
export interface Host {
  readonly name: string;
  readonly address: string;
  readonly interfaceId: string;
  readonly subnetId: string;
  readonly azId: string;
  /** Absent where AWS runs the interface: load balancer, database, NAT gateway. */
  readonly instanceId?: string;
}

export interface Network {
  readonly balancers: readonly Host[];
  readonly web: readonly Host[];
  readonly app: readonly Host[];
  readonly database: Host;
  readonly nat: Host;
  readonly bastion: Host;
  readonly resolvers: readonly Host[];
  readonly monitor: Host;
  readonly backup: Host;
  /** Every interface, for health checks and NODATA. */
  readonly all: readonly Host[];
  /** Interfaces with a public address, where the internet's noise arrives. */
  readonly exposed: readonly Host[];
}

const SUBNETS = { public: 0, web: 10, services: 20, data: 30 } as const;

function host(name: string, subnet: keyof typeof SUBNETS, last: number, managed = false): Host {
  const number = SUBNETS[subnet] * 256 + last;
  const zone = last % 2;
  const hex = (Math.imul(number, 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
  return {
    name,
    address: `10.0.${SUBNETS[subnet]}.${last}`,
    interfaceId: `eni-0${hex}a1b2c3d4`,
    subnetId: `subnet-0${(SUBNETS[subnet] * 2 + zone).toString(16).padStart(4, '0')}5e6f7a8b9c0d`,
    azId: `euw1-az${zone + 1}`,
    ...(managed ? {} : { instanceId: `i-0${hex}e5f60718` }),
  };
}

const numbered = (count: number, make: (index: number) => Host): Host[] =>
  Array.from({ length: count }, (_, index) => make(index));

/**
 * @param hosts web and app servers together, 2 to 200; two of five are app servers
 * @throws RangeError outside of that
 */
export function smallVpc(hosts: number): Network {
  if (!Number.isInteger(hosts) || hosts < 2 || hosts > 200) {
    throw new RangeError(`hosts must be 2 to 200, not ${hosts}`);
  }
  const apps = Math.max(1, Math.floor((hosts * 2) / 5));
  const balancers = numbered(2, (index) => host(`lb-${index + 1}`, 'public', 10 + index, true));
  const web = numbered(hosts - apps, (index) => host(`web-${index + 1}`, 'web', 11 + index));
  const app = numbered(apps, (index) => host(`app-${index + 1}`, 'services', 101 + index));
  const resolvers = numbered(2, (index) => host(`dns-${index + 1}`, 'services', 10 + index));
  const database = host('database', 'data', 20, true);
  const nat = host('nat', 'public', 20, true);
  const bastion = host('bastion', 'public', 30);
  const monitor = host('monitor', 'services', 40);
  const backup = host('backup', 'data', 30);
  const all = [...balancers, ...web, ...app, database, nat, bastion, ...resolvers, monitor, backup];
  const exposed = [...balancers, nat, bastion];
  return { balancers, web, app, database, nat, bastion, resolvers, monitor, backup, all, exposed };
}
