/** Applications and what they keep their data in. */
import { type Scene, standing, talk } from '../conversation.ts';
import type { Station } from '../station.ts';

/** Connections that stay open: a record each interval and leg. */
export function dataStores(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  const { apps, databases, caches, search, queues } = site;
  const busy = 4 + minute.visitors;
  const hold = (client: Station, server: Station, port: number, answer: number): void => {
    const sent = busy * random.between(300, 900);
    // Pools renew their connections every few hours.
    const age = Math.floor((minute.index + client.number * 37) / 200);
    emit(standing(scene, client, server, { port, sent, received: sent * answer, age }));
  };
  apps.forEach((app, index) => {
    hold(app, databases[0], 5_432, 6);
    hold(app, caches[index % caches.length], 6_379, 3);
    if (index % 2 === 0) hold(app, search[index % search.length], 9_200, 4);
    else hold(app, queues[index % queues.length], 5_672, 1);
  });
  hold(databases[1], databases[0], 5_432, 8);
  hold(databases[3], databases[2], 5_432, 8);
  for (const [index, node] of search.entries()) {
    hold(node, search[(index + 1) % search.length], 9_300, 1);
  }
  hold(queues[1], queues[0], 25_672, 1);
}

/** Functions that nobody calls any more; their interfaces stay. */
export const IDLE_FUNCTIONS = 8;

/** Functions come, ask the database or an endpoint, and go. */
export function serverless(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  for (let calls = 1 + Math.floor(minute.visitors / 20); calls > 0; calls--) {
    const from = random.pick(site.functions.slice(0, -IDLE_FUNCTIONS));
    const [server, port] = random.chance(600)
      ? [site.databases[2], 5_432]
      : [random.pick(site.endpoints), 443];
    emit(
      talk(scene, from, server, {
        port,
        sent: random.between(800, 6_000),
        received: random.between(500, 40_000),
      }),
    );
  }
}

/** Partners send their files every five minutes through the VPN. */
export function partnerFeed(scene: Scene): void {
  const { site, minute, random, emit, outage } = scene;
  if (outage === 'partner-feed') return;
  const PARTNER_HOSTS = ['172.20.5.10', '172.20.5.11', '172.20.5.12'];
  PARTNER_HOSTS.forEach((partner, index) => {
    if ((minute.index + index) % 5 !== 0) return;
    const feed = site.feeds[index % site.feeds.length];
    const sent = random.between(20_000, 400_000);
    emit(
      talk(scene, partner, feed, {
        port: 443,
        sent,
        received: 4_000,
        at: 10 + random.below(20),
        lasts: 2,
      }),
    );
  });
}
