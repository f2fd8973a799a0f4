/** The web site: visitors, crawlers, probes, and what the load balancers do by themselves. */
import { strangerAddress } from '../../internet.ts';
import type { Random } from '../../random.ts';
import { type Scene, standing, talk } from '../conversation.ts';
import { overIpv6, type Station, standingPort } from '../station.ts';
import { MINUTE } from '../time.ts';

/** Visits a minute in the busiest hour, for each web server. */
const VISITS = 2.4;
const CRAWLERS = ['22.40.7.11', '26.90.14.8'] as const;
const UPTIME_PROBES = ['28.12.0.5', '29.12.0.5', '30.12.0.5'] as const;
const CHECK_EVERY = 30;
/** Seconds that a new host needs until it answers. */
const BOOT = 2 * MINUTE;

function strangerAddress6(random: Random): string {
  const word = () => random.below(65_536).toString(16);
  return `2e00:${random.between(1, 255).toString(16)}:${word()}::${random.between(1, 65_535).toString(16)}`;
}

export function visitors(scene: Scene): void {
  const { site, minute, random } = scene;
  const expected = (VISITS * site.webSlots * minute.visitors) / 100;
  const visits = Math.floor(expected) + (random.chance((expected % 1) * 1_000) ? 1 : 0);
  for (let left = visits; left > 0; left--) visit(scene, undefined);
  // Crawlers come at a steady pace for some hours of the night.
  CRAWLERS.forEach((crawler, index) => {
    if ((minute.hour + index * 9) % 24 < 5)
      for (let i = 0; i < site.webSlots; i += 2) visit(scene, crawler);
  });
}

function visit(scene: Scene, crawler: string | undefined): void {
  const { site, minute, random, emit } = scene;
  const balancer = random.pick(site.balancers);
  const six = crawler === undefined && random.chance(150);
  const stranger = crawler ?? (six ? strangerAddress6(random) : strangerAddress(random));
  const port = random.chance(60) ? 80 : 443;
  const received = random.between(3_000, 90_000);
  const lasts = random.chance(250) ? random.between(5, 90) : random.below(4);
  emit(
    talk(scene, stranger, six ? overIpv6(balancer) : balancer, {
      port,
      sent: random.between(700, 4_000),
      received,
      lasts,
    }),
  );
  // Behind it connections are kept, so that not every visit opens one.
  if (!random.chance(600)) return;
  const web = random.pick(site.webs(minute));
  emit(
    talk(scene, balancer, web, { port: 8_080, sent: random.between(900, 3_000), received, lasts }),
  );
  if (!random.chance(600)) return;
  const inner = random.pick(site.inner);
  const app = random.pick(site.apps);
  const answer = random.between(1_000, 30_000);
  emit(talk(scene, web, inner, { port: 443, sent: random.between(500, 2_000), received: answer }));
  emit(
    talk(scene, inner, app, { port: 8_443, sent: random.between(500, 2_000), received: answer }),
  );
}

/** Somebody's uptime monitors ask for the front page each minute. */
export function uptimeProbes(scene: Scene): void {
  const { site, random, emit } = scene;
  UPTIME_PROBES.forEach((probe, index) => {
    const at = 7 + index * 19 + random.below(2);
    const balancer = site.balancers[index % site.balancers.length];
    emit(talk(scene, probe, balancer, { port: 443, sent: 600, received: 5_200, lasts: 0, at }));
  });
}

/** Every node asks every target, each time by a new connection. */
export function healthChecks(scene: Scene): void {
  const { site, minute, emit } = scene;
  const webs = site.webs(minute);
  const booting = new Set(webs.filter((_, slot) => isBooting(scene, slot)));
  for (const node of site.balancers) {
    for (const web of webs) check(scene, node, web, 8_080, CHECK_EVERY, booting.has(web));
  }
  for (const node of site.inner) {
    for (const app of site.apps) check(scene, node, app, 8_443, CHECK_EVERY, false);
  }
  for (const feed of site.feeds) check(scene, site.feedBalancer, feed, 8_081, CHECK_EVERY, false);
  // What was asked of a host that is gone finds nobody: only the balancer's own record.
  webs.forEach((web, slot) => {
    const former = site.webAt(slot, minute.start - 5 * MINUTE);
    if (former === web || scene.random.chance(500)) return;
    const late = talk(scene, site.balancers[slot % 2], former.address, {
      port: 8_080,
      sent: 0,
      received: 0,
    });
    emit({ ...late, received: undefined, sent: { packets: 2, bytes: 104 }, path: 1 });
  });
}

function isBooting({ site, minute }: Scene, slot: number): boolean {
  return site.webAt(slot, minute.start) !== site.webAt(slot, minute.start - BOOT);
}

function check(
  scene: Scene,
  node: Station,
  target: Station,
  port: number,
  every: number,
  refused: boolean,
): void {
  const phase = standingPort(node.number, target.number) % every;
  for (let at = phase; at < MINUTE; at += every) {
    const asked = talk(scene, node, target, { port, sent: 110, received: 150, lasts: 0, at });
    if (!refused) scene.emit(asked);
    else {
      const one = { packets: 1, bytes: 40 };
      scene.emit({ ...asked, refused, sent: { packets: 1, bytes: 60 }, received: one });
    }
  }
}

/** New hosts keep their log shipper's connection as the old ones did. */
export function logShipping(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  site.webs(minute).forEach((web, slot) => {
    if (slot % 2 === 0) {
      const sent = random.between(20_000, 400_000);
      emit(
        standing(scene, web, site.logs[slot % 4 === 0 ? 0 : 1], {
          port: 5_044,
          sent,
          received: 900,
        }),
      );
    }
  });
}
