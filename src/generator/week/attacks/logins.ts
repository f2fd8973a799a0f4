/** Passwords guessed at doors that somebody left open. */
import type { Attack } from '../attack.ts';
import { talk } from '../conversation.ts';
import { SUBNETS, VPC_PREFIX } from '../station.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';

const SSH_GUESSER = '28.66.7.20';
const RDP_GUESSER = '28.66.7.21';

/** Thirty failed logins a minute for twenty minutes. */
export const sshGuessing: Attack = {
  title: 'SSH password guessing at the relay, 30 a minute for 20 minutes',
  stream: 104,
  at: 0 * DAY + 22 * HOUR + 15 * MINUTE,
  lasts: 20 * MINUTE,
  rules: ['login-brute-force'],
  marks: [SSH_GUESSER, `${VPC_PREFIX}${SUBNETS.edge}.40`],
  act(scene) {
    for (let guess = 0; guess < 30; guess++) {
      const { random } = scene;
      const login = {
        port: 22,
        sent: random.between(1_500, 2_100),
        received: random.between(2_000, 2_800),
      };
      scene.emit(
        talk(scene, SSH_GUESSER, scene.site.relay, { ...login, lasts: random.between(1, 4) }),
      );
    }
  },
};

/** A guess every forty seconds or so for six hours: below any limit on minutes. */
export const rdpGuessing: Attack = {
  title: 'slow RDP password guessing at a desktop, one every 40 seconds for 6 hours',
  stream: 105,
  at: 4 * DAY + 19 * HOUR,
  lasts: 6 * HOUR,
  rules: ['login-brute-force-slow'],
  marks: [RDP_GUESSER, `${VPC_PREFIX}${SUBNETS.windows}.26`],
  act(scene) {
    const { random } = scene;
    for (let guesses = random.chance(500) ? 2 : 1; guesses > 0; guesses--) {
      const login = {
        port: 3_389,
        sent: random.between(1_800, 2_600),
        received: random.between(2_400, 3_400),
      };
      scene.emit(talk(scene, RDP_GUESSER, scene.site.desktops[6], { ...login, lasts: 2 }));
    }
  },
};
