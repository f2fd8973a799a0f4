/** Too much, and nothing at all. */
import { strangerAddress } from '../../internet.ts';
import type { Attack } from '../attack.ts';
import { turnedAway } from '../conversation.ts';
import { SUBNETS, VPC_PREFIX } from '../station.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';

const BALANCER = `${VPC_PREFIX}${SUBNETS.edge}.10`;
const RELAY = `${VPC_PREFIX}${SUBNETS.edge}.40`;

/** Four hundred rejects a minute from as many sources at the relay, which knows less than one at rest. */
export const rejectSpike: Attack = {
  title: 'reject spike: 400 sources a minute at the relay for 10 minutes',
  stream: 106,
  at: 2 * DAY + 20 * HOUR + 40 * MINUTE,
  lasts: 10 * MINUTE,
  rules: ['reject-spike'],
  marks: [RELAY],
  act(scene) {
    const { random } = scene;
    for (let knock = 0; knock < 400; knock++) {
      scene.emit(
        turnedAway(
          scene,
          strangerAddress(random),
          scene.site.relay,
          random.pick([8_443, 8_080, 9_000]),
        ),
      );
    }
  },
};

/** Handshakes that are never finished: the balancer answers SYN with SYN-ACK and hears no more. */
export const synFlood: Attack = {
  title: 'SYN flood at the load balancer, 900 half-open connections a minute for 10 minutes',
  stream: 107,
  at: 5 * DAY + 16 * HOUR + 5 * MINUTE,
  lasts: 10 * MINUTE,
  rules: ['syn-flood', 'short-flow-flood'],
  marks: [BALANCER],
  act(scene) {
    const { random, site } = scene;
    for (let opened = 0; opened < 900; opened++) {
      const knock = turnedAway(scene, strangerAddress(random), site.balancers[0], 443);
      const one = { packets: 1, bytes: 44 };
      const answers = random.between(1, 3);
      const received = { packets: answers, bytes: answers * 44 };
      scene.emit({ ...knock, rejectedBy: undefined, sent: one, received, part: 'first' });
    }
  },
};

/** The partners' files stop coming. */
export const feedSilent: Attack = {
  title: 'the partners’ feed stops for 4 hours',
  stream: 108,
  at: 5 * DAY + 10 * HOUR,
  lasts: 4 * HOUR,
  rules: ['service-silent'],
  marks: [`${VPC_PREFIX}${SUBNETS.services}.10`, `${VPC_PREFIX}${SUBNETS.services}.11`],
  // The feed itself reads of its outage from the scene.
  act() {},
};
