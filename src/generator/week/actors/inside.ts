/** Work inside: monitoring, files, administrators, mail and the weekly scan. */
import { ICMP } from '../../flow.ts';
import { vpnAddress } from '../../internet.ts';
import { type Scene, standing, talk, turnedAway } from '../conversation.ts';
import { DEPLOYMENTS } from '../site.ts';
import { type Station, standingPort } from '../station.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';

const instances = ({ site, minute }: Scene): Station[] => [
  ...site.fixed,
  ...site.webs(minute),
  ...site.workersUp(minute),
];

/** The monitor reads each host's metrics by a connection it keeps, and pings it every quarter of an hour. */
export function scraping(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  const { monitor } = site;
  for (const host of instances(scene)) {
    if (host === monitor) continue;
    // Connections are renewed when either side restarts, once a day here.
    const age = Math.floor((minute.index + host.number * 61) / 1_440);
    emit(
      standing(scene, monitor, host, {
        port: 9_100,
        sent: 1_000,
        received: random.between(30_000, 60_000),
        age,
      }),
    );
    if ((minute.index + host.number) % 15 !== 0) continue;
    const ping = talk(scene, monitor, host, {
      port: 0,
      clientPort: 0,
      sent: 0,
      received: 0,
      protocol: ICMP,
      lasts: 2,
    });
    const three = { packets: 3, bytes: 252 };
    emit({ ...ping, sent: three, received: three });
  }
}

/** File shares: applications over NFS, desktops over SMB in office hours. */
export function fileShares(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  site.apps.slice(0, 2).forEach((app) => {
    const sent = random.between(2_000, 200_000);
    emit(
      standing(scene, app, site.fileServer, {
        port: 2_049,
        clientPort: 700 + (app.number % 200),
        sent,
        received: sent * 4,
      }),
    );
  });
  site.desktops.forEach((desktop) => {
    if (!minute.office) return;
    const sent = random.between(1_000, 90_000);
    emit(
      standing(scene, desktop, site.fileServer, {
        port: 445,
        sent,
        received: sent * 5,
        age: minute.week * 7 + minute.day,
      }),
    );
  });
  // One desktop still looks for a printer server that is long gone from the rules.
  if (minute.office && random.chance(700)) {
    emit(turnedAway(scene, site.desktops[2], site.feeds[1], 9_100 + 515));
  }
}

/** Administrators come through the VPN, to the bastion and on; desktops are used from afar. */
export function administrators(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  if (minute.office) {
    if (random.chance(60)) {
      const lasts = random.between(30, 500);
      const session = {
        port: 22,
        sent: random.between(8_000, 60_000),
        received: random.between(20_000, 400_000),
        lasts,
      };
      emit(talk(scene, vpnAddress(random), site.bastion, session));
      emit(talk(scene, site.bastion, random.pick([...site.apps, ...site.webs(minute)]), session));
    }
    site.desktops.forEach((desktop, index) => {
      const person = `10.8.0.${60 + index}`;
      emit(
        standing(scene, person, desktop, {
          port: 3_389,
          clientPort: standingPort(index, minute.day),
          sent: 40_000,
          received: 900_000,
        }),
      );
    });
  }
  // Half an hour before each deployment all hosts are configured over SSH within five minutes.
  const since = Math.min(...DEPLOYMENTS.map((at) => distance(minute.ofWeek, at - HOUR / 2)));
  if (since >= 5 * MINUTE) return;
  instances(scene).forEach((host, index) => {
    if (index % 5 !== since / MINUTE || host === site.builders[0]) return;
    emit(
      talk(scene, site.builders[0], host, {
        port: 22,
        sent: 60_000,
        received: 40_000,
        lasts: random.between(10, 40),
      }),
    );
  });
}

function distance(now: number, from: number): number {
  return now >= from ? now - from : Number.POSITIVE_INFINITY;
}

/** Mail out to many, in from anywhere. */
export function mail(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  for (let letters = random.below(1 + Math.ceil(minute.visitors / 30)); letters > 0; letters--) {
    const exchange = `25.${100 + random.below(40)}.${random.below(5)}.25`;
    const size = random.between(3_000, 300_000);
    emit(
      talk(scene, random.pick(site.apps), site.relay, { port: 587, sent: size, received: 1_500 }),
    );
    emit(
      talk(scene, site.relay, exchange, {
        port: 25,
        sent: size,
        received: 1_800,
        lasts: random.below(9),
      }),
    );
    if (random.chance(500))
      emit(talk(scene, exchange, site.relay, { port: 25, sent: size, received: 1_700 }));
  }
}

/** Ports the weekly scan tries on each host. */
const SCANNED = 900;
const SCAN_START = 6 * DAY + 2 * HOUR;
const SCAN_MINUTES = 180;

/** The site's own vulnerability scanner, Sunday night: most ports are closed to it. */
export function vulnerabilityScan(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  const step = (minute.ofWeek - SCAN_START) / MINUTE;
  if (step < 0 || step >= SCAN_MINUTES) return;
  const hosts = [...site.fixed, ...site.webs(minute)].filter((host) => host !== site.scanner);
  const total = hosts.length * SCANNED;
  const each = Math.ceil(total / SCAN_MINUTES);
  for (let probe = step * each; probe < Math.min(total, (step + 1) * each); probe++) {
    const host = hosts[Math.floor(probe / SCANNED)];
    const port = 1 + (probe % SCANNED) * 7;
    if (random.chance(6))
      emit(talk(scene, site.scanner, host, { port, sent: 3_000, received: 3_000 }));
    else emit(turnedAway(scene, site.scanner, host, port));
  }
}
