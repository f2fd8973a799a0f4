/** What hosts want from the internet, through the NAT gateways. */
import { PARTNERS } from '../../internet.ts';
import { type Scene, talk, throughNat } from '../conversation.ts';
import { standingPort } from '../station.ts';

const MIRRORS = Array.from({ length: 24 }, (_, index) => `25.90.${index}.15`);
/** Web sites that people open. */
const SITES = Array.from({ length: 120 }, (_, index) => `33.${index}.${(index * 37) % 256}.80`);
/** Takes a large file each morning. */
const UPLOAD = '25.70.0.9';
const MINUTES_A_DAY = 1_440;

/** Applications call partners by the minute and report to one by the hour. */
export function partnerCalls(scene: Scene): void {
  const { site, minute, random } = scene;
  for (const app of site.apps) {
    if (random.chance(Math.round(150 + minute.visitors * 3))) {
      const received = random.between(2_000, 60_000);
      throughNat(
        scene,
        talk(scene, app, random.pick(PARTNERS), { port: 443, sent: 2_200, received }),
      );
    }
    if (minute.minute === 0) {
      const sent = random.between(1_000_000, 5_000_000);
      throughNat(
        scene,
        talk(scene, app, PARTNERS[0], { port: 443, sent, received: 9_000, at: 2, lasts: 8 }),
      );
    }
  }
  if (minute.hour === 6 && minute.minute === 5) {
    throughNat(
      scene,
      talk(scene, site.apps[0], UPLOAD, {
        port: 443,
        sent: 300_000_000,
        received: 900_000,
        lasts: 140,
      }),
    );
  }
}

/** Each host looks for updates once a day at its own time; a mirror is sometimes one never seen before. */
export function packageUpdates(scene: Scene): void {
  const { site, minute, random } = scene;
  for (const host of [...site.fixed, ...site.webs(minute)]) {
    if (site.search.includes(host)) continue;
    const day = Math.floor(minute.index / MINUTES_A_DAY);
    if (standingPort(host.number, day) % MINUTES_A_DAY !== minute.index % MINUTES_A_DAY) continue;
    for (let files = random.between(3, 9); files > 0; files--) {
      const mirror = random.chance(850)
        ? random.pick(MIRRORS)
        : `25.91.${random.below(256)}.${random.between(1, 254)}`;
      const received = random.between(200_000, 40_000_000);
      const port = random.chance(500) ? 80 : 443;
      const lasts = random.between(2, 60);
      throughNat(scene, talk(scene, host, mirror, { port, sent: 20_000, received, lasts }));
    }
  }
}

/** People at their desktops read the web; build hosts fetch what they build from. */
export function browsing(scene: Scene): void {
  const { site, minute, random } = scene;
  if (minute.office) {
    for (const desktop of site.desktops) {
      for (let pages = random.below(4); pages > 0; pages--) {
        const received = random.between(10_000, 3_000_000);
        const sent = random.between(2_000, 60_000);
        throughNat(
          scene,
          talk(scene, desktop, random.pick(SITES), {
            port: 443,
            sent,
            received,
            lasts: random.below(40),
          }),
        );
      }
    }
  }
  for (const builder of site.builders) {
    if (!random.chance(minute.office ? 200 : 15)) continue;
    const received = random.between(1_000_000, 60_000_000);
    throughNat(
      scene,
      talk(scene, builder, random.pick(MIRRORS), { port: 443, sent: 30_000, received, lasts: 20 }),
    );
    scene.emit(
      talk(scene, builder, site.repository, {
        port: 8_081,
        sent: received,
        received: 20_000,
        lasts: 20,
      }),
    );
  }
}
