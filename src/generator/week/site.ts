/** The VPC that the week plays: about 200 interfaces, some of which come and go. */
import { type Station, SUBNETS, station } from './station.ts';
import { DAY, HOUR, MINUTE, type Minute, MONDAY, WEEK } from './time.ts';

export interface Site {
  /** Public load balancer, a node a zone. */
  readonly balancers: readonly Station[];
  /** Load balancer in front of the applications. */
  readonly inner: readonly Station[];
  /** Network load balancer in front of the partners' feed. */
  readonly feedBalancer: Station;
  readonly nats: readonly Station[];
  readonly bastion: Station;
  readonly relay: Station;
  readonly apps: readonly Station[];
  readonly databases: readonly Station[];
  readonly caches: readonly Station[];
  readonly search: readonly Station[];
  readonly queues: readonly Station[];
  readonly feeds: readonly Station[];
  readonly resolvers: readonly Station[];
  readonly monitor: Station;
  readonly scanner: Station;
  readonly backup: Station;
  readonly fileServer: Station;
  readonly desktops: readonly Station[];
  readonly builders: readonly Station[];
  readonly repository: Station;
  readonly logs: readonly Station[];
  readonly batchHead: Station;
  readonly workers: readonly Station[];
  readonly functions: readonly Station[];
  /** Interface endpoints of AWS services. */
  readonly endpoints: readonly Station[];
  /** Interfaces that have a public address, where the internet's noise arrives. */
  readonly exposed: readonly Station[];
  /** Instances that are never replaced. */
  readonly fixed: readonly Station[];
  readonly webSlots: number;
  /** Which web server holds the slot, of those that serve in this minute. */
  webAt(slot: number, start: number): Station;
  /** Web servers in service; some sleep at night. */
  webs(minute: Minute): readonly Station[];
  /** Batch workers that are up. */
  workersUp(minute: Minute): readonly Station[];
}

/** Seconds since Monday at which a new version of the web site is rolled out. */
export const DEPLOYMENTS = [1 * DAY + 10 * HOUR, 3 * DAY + 15 * HOUR] as const;
/** Between one slot's replacement and the next one's. */
export const ROLLING = 4 * MINUTE;
/** Subnets of web servers in turn, so that addresses are not used again within weeks. */
const WEB_GENERATIONS = 6;

const times = (count: number, make: (index: number) => Station): Station[] =>
  Array.from({ length: Math.max(1, Math.round(count)) }, (_, index) => make(index));

/** @param scale on the numbers of web, batch and function hosts; 1 makes about 200 interfaces */
export function weekSite(scale: number): Site {
  const { edge, inner, app, data, services, windows, batch, functions, endpoints, web } = SUBNETS;
  const managed = { managed: true };
  const slow = { interval: 600 } as const;
  const balancers = times(2, (i) => station(`alb-${i}`, edge, 10 + i, managed));
  const nats = times(2, (i) => station(`nat-${i}`, edge, 20 + i, managed));
  const bastion = station('bastion', edge, 30);
  const relay = station('relay', edge, 40);
  const apps = times(Math.max(5, 5 * scale), (i) => station(`app-${i}`, app, 11 + i));
  const caches = times(2, (i) => station(`cache-${i}`, data, 30 + i));
  const search = times(3, (i) => station(`search-${i}`, data, 40 + i));
  const queues = times(2, (i) => station(`queue-${i}`, data, 50 + i));
  const feeds = times(2, (i) => station(`feed-${i}`, services, 10 + i));
  const resolvers = times(2, (i) => station(`dns-${i}`, services, 20 + i));
  const monitor = station('monitor', services, 30);
  const scanner = station('scanner', services, 31);
  const backup = station('backup', services, 32);
  const fileServer = station('files', windows, 10, slow);
  // Older instance types, of which flow logs come every ten minutes.
  const desktops = times(8, (i) => station(`desktop-${i}`, windows, 20 + i, slow));
  const builders = times(3, (i) => station(`ci-${i}`, services, 40 + i));
  const repository = station('repository', services, 45);
  const logs = times(2, (i) => station(`logs-${i}`, services, 50 + i));
  const batchHead = station('batch-head', batch, 10);
  const workers = times(44 * scale, (i) => station(`worker-${i}`, batch, 20 + i));
  const webSlots = Math.max(2, Math.round(6 * scale));
  const generations = Array.from({ length: WEB_GENERATIONS }, (_, generation) =>
    times(webSlots, (slot) => station(`web-${generation}-${slot}`, web + generation, 11 + slot)),
  );
  const generationAt = (slot: number, start: number): number => {
    const { week, ofWeek } = weekOf(start);
    const past = DEPLOYMENTS.filter((at) => ofWeek >= at + slot * ROLLING).length;
    return week * DEPLOYMENTS.length + past;
  };
  const webAt = (slot: number, start: number): Station => {
    const turn = generationAt(slot, start) % WEB_GENERATIONS;
    return generations[(turn + WEB_GENERATIONS) % WEB_GENERATIONS][slot];
  };
  const always = Math.ceil(webSlots * 0.7);
  return {
    balancers,
    inner: times(2, (i) => station(`inner-${i}`, inner, 10 + i, managed)),
    feedBalancer: station('nlb', inner, 20, managed),
    nats,
    bastion,
    relay,
    apps,
    databases: times(4, (i) => station(`db-${i}`, data, 20 + i, managed)),
    caches,
    search,
    queues,
    feeds,
    resolvers,
    monitor,
    scanner,
    backup,
    fileServer,
    desktops,
    builders,
    repository,
    logs,
    batchHead,
    workers,
    functions: times(Math.max(16, 40 * scale), (i) =>
      station(`function-${i}`, functions, 10 + i, managed),
    ),
    endpoints: times(10, (i) => station(`endpoint-${i}`, endpoints, 10 + i, managed)),
    exposed: [...balancers, ...nats, bastion, relay],
    fixed: [
      bastion,
      relay,
      ...apps,
      ...caches,
      ...search,
      ...queues,
      ...feeds,
      ...resolvers,
      monitor,
      scanner,
      backup,
      fileServer,
      ...desktops,
      ...builders,
      repository,
      ...logs,
      batchHead,
    ],
    webSlots,
    webAt,
    webs: ({ start, hour }) =>
      Array.from({ length: hour >= 7 && hour < 22 ? webSlots : always }, (_, s) => webAt(s, start)),
    workersUp: ({ hour, minute, weekend }) => {
      if (hour === 1 || hour === 2 || hour === 3) return workers;
      const second = !weekend && (hour === 13 || (hour === 14 && minute < 30));
      return second ? workers.slice(0, workers.length / 2) : [];
    },
  };
}

function weekOf(start: number): { week: number; ofWeek: number } {
  const since = start - MONDAY;
  const week = Math.floor(since / WEEK);
  return { week, ofWeek: since - week * WEEK };
}
