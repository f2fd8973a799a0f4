/** What a host that was taken over does towards the internet. */
import { UDP } from '../../flow.ts';
import type { Attack } from '../attack.ts';
import { type Scene, standing, talk, throughNat } from '../conversation.ts';
import { SUBNETS, VPC_PREFIX } from '../station.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';

const COLLECTOR = '28.66.7.30';
const CONTROL = '28.66.7.31';
const SLOW_CONTROL = '28.66.7.32';
const CHAT = '28.66.7.33';
const RESOLVER = '28.66.7.34';
const POOL = '28.66.7.35';
const app = (index: number): string => `${VPC_PREFIX}${SUBNETS.app}.${11 + index}`;
const REPOSITORY = `${VPC_PREFIX}${SUBNETS.services}.45`;
const builder = `${VPC_PREFIX}${SUBNETS.services}.41`;

/** Six gigabytes in four hours, a fifth above a gigabyte an hour; no minute of it is remarkable. */
export const exfiltration: Attack = {
  title: 'exfiltration of 6 GB in 4 hours at night',
  stream: 109,
  at: 4 * DAY + 1 * HOUR + 30 * MINUTE,
  lasts: 4 * HOUR,
  rules: ['exfiltration-volume', 'exfiltration-slow'],
  marks: [COLLECTOR, app(3)],
  act(scene) {
    const { site, random } = scene;
    const sent = random.between(23_000_000, 27_000_000);
    throughNat(
      scene,
      standing(scene, site.apps[3], COLLECTOR, { port: 443, sent, received: 240_000 }),
    );
  },
};

/** Calls home each minute, 3% early or late. */
export const minuteBeacon: Attack = {
  title: 'beacon every 60 s ± 3% for a day',
  stream: 110,
  at: 3 * DAY + 2 * HOUR,
  lasts: 1 * DAY,
  rules: ['beaconing'],
  marks: [CONTROL],
  act(scene) {
    call(scene, 2, CONTROL, 20 + scene.random.between(-2, 2));
  },
};

/** Calls home every ten minutes, 3% early or late. */
export const tenMinuteBeacon: Attack = {
  title: 'beacon every 10 minutes ± 3% for 36 hours',
  stream: 111,
  at: 4 * DAY + 8 * HOUR,
  lasts: 36 * HOUR,
  rules: ['beaconing'],
  marks: [SLOW_CONTROL],
  act(scene, minute) {
    if (minute % 10 === 0) call(scene, 4, SLOW_CONTROL, 30 + scene.random.between(-18, 18));
  },
};

function call(scene: Scene, from: number, server: string, at: number): void {
  const { site, random } = scene;
  const sent = random.between(500, 560);
  throughNat(
    scene,
    talk(scene, site.apps[from], server, { port: 443, sent, received: 1_100, at, lasts: 1 }),
  );
}

/** A chat connection that no host of the subnet ever had. */
export const ircPort: Attack = {
  title: 'an IRC connection (port 6667) from the package repository, 2 hours',
  stream: 112,
  at: 3 * DAY + 19 * HOUR,
  lasts: 2 * HOUR,
  rules: ['new-outbound-port'],
  marks: ['6667', REPOSITORY, CHAT],
  act(scene) {
    throughNat(
      scene,
      standing(scene, scene.site.repository, CHAT, { port: 6_667, sent: 300, received: 700 }),
    );
  },
};

/** Long questions and long answers, forty a minute, to a resolver that nobody approved. */
export const dnsTunnel: Attack = {
  title: 'DNS tunnel to a resolver that is not approved, 40 questions a minute for an hour',
  stream: 113,
  at: 2 * DAY + 4 * HOUR + 10 * MINUTE,
  lasts: 1 * HOUR,
  rules: ['dns-foreign-resolver', 'dns-volume'],
  marks: [RESOLVER],
  act(scene) {
    const { site, random } = scene;
    for (let question = 0; question < 40; question++) {
      const size = { sent: random.between(180, 240), received: random.between(400, 900) };
      throughNat(
        scene,
        talk(scene, site.apps[0], RESOLVER, { port: 53, protocol: UDP, lasts: 0, ...size }),
      );
    }
  },
};

/** A build host keeps a connection to a mining pool. */
export const mining: Attack = {
  title: 'a mining pool’s port (14444) from a build host, 6 hours',
  stream: 114,
  at: 1 * DAY + 17 * HOUR,
  lasts: 6 * HOUR,
  rules: ['mining-pool-port'],
  marks: [POOL, builder],
  act(scene) {
    throughNat(
      scene,
      standing(scene, scene.site.builders[1], POOL, { port: 14_444, sent: 2_100, received: 3_200 }),
    );
  },
};
