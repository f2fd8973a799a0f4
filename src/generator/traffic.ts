/** A minute of ordinary life in the small VPC. */
import { type Flow, ICMP, TCP, UDP } from './flow.ts';
import { ephemeralPort, PARTNERS, S3_ADDRESS, strangerAddress, vpnAddress } from './internet.ts';
import type { Host, Network } from './network.ts';
import type { Random } from './random.ts';

/** Visitors by hour of the day (UTC), in percent of the busiest. */
const VISITORS = [
  22, 16, 12, 10, 10, 14, 24, 42, 64, 82, 94, 100, 96, 98, 100, 96, 90, 84, 78, 74, 66, 54, 42, 30,
];

const HOUR = 3_600;
const DAY = 86_400;

/** Flows that begin in the minute from `start` (Unix seconds). */
export function ordinaryMinute(network: Network, start: number, random: Random): Flow[] {
  const hour = Math.floor((start % DAY) / HOUR);
  const minute = Math.floor((start % HOUR) / 60);
  const scale = Math.max(1, Math.round((network.web.length * VISITORS[hour]) / 100));
  const flows: Flow[] = [];
  const add = (flow: Flow): void => {
    flows.push(flow);
  };
  for (let visit = 0; visit < scale + 1; visit++) visitor(network, start, random, add);
  storage(network, start, random, add);
  for (let query = 0; query < 2; query++) lookup(network, start, random, add);
  if (random.chance(500)) partnerCall(network, start, random, add);
  if (minute % 5 === 0) checks(network, start, random, add);
  if (hour >= 8 && hour < 18 && random.chance(40)) administrator(network, start, random, add);
  if (hour === 2 && minute < 40) backup(network, start, random, add);
  return flows;
}

type Add = (flow: Flow) => void;

/** A random part of the minute. */
function within(start: number, random: Random): { start: number; end: number } {
  const from = start + random.below(50);
  return { start: from, end: from + random.between(0, start + 59 - from) };
}

/** Internet client to load balancer to web server to application. */
function visitor({ balancers, web, app }: Network, start: number, random: Random, add: Add): void {
  const time = within(start, random);
  const balancer = random.pick(balancers);
  const server = random.pick(web);
  const answer = random.between(4, 60);
  add(tcp(strangerAddress(random), balancer, random.chance(60) ? 80 : 443, time, random, answer));
  add(tcp(balancer, server, 8_080, time, random, answer));
  if (random.chance(600)) add(tcp(server, random.pick(app), 8_443, time, random, 12));
}

function tcp(
  client: Flow['client'],
  server: Flow['server'],
  serverPort: number,
  time: { start: number; end: number },
  random: Random,
  answer: number,
): Flow {
  const asked = random.between(5, 14);
  const answered = answer + random.below(6);
  return {
    client,
    server,
    protocol: TCP,
    clientPort: ephemeralPort(random),
    serverPort,
    ...time,
    sent: { packets: asked, bytes: asked * 60 + random.below(1_200) },
    received: { packets: answered, bytes: answered * random.between(200, 1_400) },
  };
}

/** The application's standing connections to the database: one record an interval and leg. */
function storage({ app, database }: Network, start: number, random: Random, add: Add): void {
  app.forEach((client, index) => {
    const packets = random.between(40, 400);
    add({
      client,
      server: database,
      protocol: TCP,
      clientPort: 40_000 + index * 7,
      serverPort: 5_432,
      start,
      end: start + 59,
      sent: { packets, bytes: packets * 90 + random.below(900) },
      received: { packets, bytes: packets * random.between(150, 700) },
      part: 'middle',
    });
  });
}

/** A host asks one of the VPC's own resolvers, which ask Amazon's: flow logs do not show those. */
function lookup({ web, app, resolvers }: Network, start: number, random: Random, add: Add): void {
  const time = within(start, random);
  add({
    client: random.pick(random.chance(600) ? web : app),
    server: random.pick(resolvers),
    protocol: UDP,
    clientPort: ephemeralPort(random),
    serverPort: 53,
    start: time.start,
    end: time.start,
    sent: { packets: 1, bytes: random.between(55, 90) },
    received: { packets: 1, bytes: random.between(80, 300) },
  });
}

/** An application server calls out through the NAT gateway. */
function partnerCall(network: Network, start: number, random: Random, add: Add): void {
  const client = random.pick(network.app);
  const partner = random.pick(PARTNERS);
  const first = tcp(client, partner, 443, within(start, random), random, 8);
  const packet = { client: client.address, server: partner };
  // The host's own interface, then both sides of the gateway's.
  add(first);
  add({ ...first, client: client.address, server: network.nat, packet });
  add({ ...first, client: network.nat, clientPort: random.between(1_024, 65_535) });
}

/** The monitor reads every host's metrics and pings it. */
function checks({ all, monitor }: Network, start: number, random: Random, add: Add): void {
  for (const host of all) {
    if (host === monitor || host.instanceId === undefined) continue;
    const time = within(start, random);
    add(tcp(monitor, host, 9_100, time, random, 20));
    add({
      client: monitor,
      server: host,
      protocol: ICMP,
      clientPort: 0,
      serverPort: 0,
      ...time,
      sent: { packets: 3, bytes: 252 },
      received: { packets: 3, bytes: 252 },
    });
  }
}

/** Someone comes through the VPN to the bastion and on to a host. */
function administrator(
  { bastion, web, app }: Network,
  start: number,
  random: Random,
  add: Add,
): void {
  const time = within(start, random);
  add(tcp(vpnAddress(random), bastion, 22, time, random, 80));
  add(tcp(bastion, random.pick(random.chance(500) ? web : app), 22, time, random, 80));
}

/** Servers copy to the backup host, which keeps a copy in S3 through a gateway endpoint. */
function backup({ app, database, backup }: Network, start: number, random: Random, add: Add): void {
  const clients: readonly Host[] = [...app, database];
  clients.forEach((client, index) => {
    const packets = random.between(20_000, 60_000);
    add({
      client,
      server: backup,
      protocol: TCP,
      clientPort: 50_000 + index,
      serverPort: 2_049,
      start,
      end: start + 59,
      sent: { packets, bytes: packets * 1_460 },
      received: { packets: Math.floor(packets / 2), bytes: packets * 26 },
      part: 'middle',
    });
  });
  const packets = random.between(500, 1_500);
  add({
    client: backup,
    server: S3_ADDRESS,
    protocol: TCP,
    clientPort: 51_000,
    serverPort: 443,
    start,
    end: start + 59,
    sent: { packets, bytes: packets * 1_460 },
    received: { packets: Math.floor(packets / 2), bytes: packets * 26 },
    part: 'middle',
    awsService: 'S3',
  });
}
