/** Agents on hosts that report on the minute: the classical false beacons. */
import { ask, type Scene, standing, talk, throughNat } from '../conversation.ts';
import { type Station, standingPort } from '../station.ts';
import { MINUTE } from '../time.ts';

/** Addresses of a public AWS endpoint, of which DNS hands out one at a time. */
const CLOUDWATCH = Array.from({ length: 6 }, (_, index) => `52.94.5.${20 + index}`);
/** What the site's owner has listed: a build service and the maker of the search engine. */
const KNOWN_AGENTS = ['25.60.0.10', '25.62.0.5'] as const;
const NTP = ['25.80.1.1', '25.80.2.1', '25.80.3.1', '25.80.4.1'] as const;
const APPROVED_RESOLVERS = ['25.53.0.53', '25.53.0.54'] as const;

/** Metrics each minute to AWS through the NAT gateway, or every five minutes to an endpoint inside. */
export function metricAgents(scene: Scene): void {
  const { site, minute, random } = scene;
  for (const host of site.webs(minute)) {
    const at = (standingPort(host.number, 1) % 56) + random.below(3);
    // The name is looked up again every few minutes.
    const server =
      CLOUDWATCH[standingPort(host.number, Math.floor(minute.index / 7)) % CLOUDWATCH.length];
    const sent = random.between(2_400, 3_100);
    const sending = talk(scene, host, server, { port: 443, sent, received: 5_200, lasts: 1, at });
    throughNat(scene, { ...sending, awsService: 'AMAZON' });
  }
  for (const host of [...site.fixed, ...site.workersUp(minute)]) {
    fiveMinutely(scene, host, 2, random.between(2_400, 3_100));
    fiveMinutely(scene, host, 3, 1_150);
  }
  // Session Manager keeps a connection open to each host.
  for (const host of site.apps) {
    const endpoint = site.endpoints[host.number % site.endpoints.length];
    scene.emit(standing(scene, host, endpoint, { port: 443, sent: 240, received: 240 }));
  }
}

function fiveMinutely(scene: Scene, host: Station, which: number, sent: number): void {
  const { site, minute, random, emit } = scene;
  const phase = standingPort(host.number, which) % 300;
  if (minute.index % 5 !== Math.floor(phase / MINUTE)) return;
  const endpoint = site.endpoints[(host.number + which) % site.endpoints.length];
  const at = Math.min(59, (phase % MINUTE) + random.below(2));
  emit(talk(scene, host, endpoint, { port: 443, sent, received: 5_200, lasts: 0, at }));
}

/** Agents of companies outside: build hosts ask for work each minute, search nodes report every ten. */
export function vendorAgents(scene: Scene): void {
  const { site, minute, random } = scene;
  const [buildService, searchMaker] = KNOWN_AGENTS;
  for (const builder of site.builders) {
    const at = (standingPort(builder.number, 5) % 55) + random.below(4);
    throughNat(
      scene,
      talk(scene, builder, buildService, { port: 443, sent: 900, received: 4_100, lasts: 1, at }),
    );
  }
  site.search.forEach((node, index) => {
    if (minute.index % 10 !== index) return;
    throughNat(
      scene,
      talk(scene, node, searchMaker, { port: 443, sent: 7_000, received: 4_500, lasts: 1 }),
    );
  });
}

/** NTP from port 123 to port 123, the same five-tuple for ever; hosts without a way out ask in vain. */
export function timeKeeping(scene: Scene): void {
  const { site, minute, emit } = scene;
  const clients = [
    ...site.desktops,
    ...site.resolvers,
    ...site.builders,
    site.repository,
    site.relay,
  ];
  const daemons = [...clients, ...site.search];
  for (const host of daemons) {
    NTP.forEach((server, index) => {
      // Each server is asked every 1,024 seconds, at a phase of its own.
      const since = minute.start - (standingPort(host.number, index) % 1_024);
      if (since % 1_024 >= MINUTE) return;
      const question = ask(scene, host, server, 123, 123);
      const both = {
        ...question,
        sent: { packets: 1, bytes: 76 },
        received: { packets: 1, bytes: 76 },
      };
      if (site.search.includes(host)) emit({ ...both, received: undefined, rejectedBy: 'client' });
      else if (host === site.relay) emit(both);
      else throughNat(scene, both);
    });
  }
}

/** Hosts ask the resolvers inside, which ask two outside; what Amazon's resolver answers is not logged. */
export function nameLookups(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  const askers = [
    ...site.desktops,
    ...site.builders,
    site.relay,
    ...site.feeds,
    ...site.workersUp(minute),
  ];
  for (let count = 3 + Math.floor(minute.visitors / 20); count > 0; count--) {
    const resolver = random.pick(site.resolvers);
    emit(ask(scene, random.pick(askers), resolver, 53));
    if (random.chance(400))
      throughNat(scene, ask(scene, resolver, random.pick(APPROVED_RESOLVERS), 53));
  }
}
