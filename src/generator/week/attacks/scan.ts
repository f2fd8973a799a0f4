/** Scans from the internet. */
import type { Attack } from '../attack.ts';
import { turnedAway } from '../conversation.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';

const STRANGER = '28.66.7.10';
const A_MINUTE = 100;

/** One stranger tries a thousand ports of the bastion in ten minutes; all are closed. */
export const portScan: Attack = {
  title: 'vertical port scan of the bastion from the internet, 1,000 ports in 10 minutes',
  stream: 101,
  at: 1 * DAY + 11 * HOUR + 20 * MINUTE,
  lasts: 10 * MINUTE,
  rules: ['port-probing'],
  marks: [STRANGER],
  act(scene, minute) {
    for (let probe = 0; probe < A_MINUTE; probe++) {
      const port = 1 + (((minute * A_MINUTE + probe) * 7) % 10_000);
      scene.emit(turnedAway(scene, STRANGER, scene.site.bastion, port));
    }
  },
};
