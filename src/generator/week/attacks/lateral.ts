/** Attacks that move inside. */
import type { Attack } from '../attack.ts';
import { type Scene, talk, turnedAway } from '../conversation.ts';
import { type Station, SUBNETS, station, VPC_PREFIX } from '../station.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';

/** The application host that is taken over. */
const TAKEN = `${VPC_PREFIX}${SUBNETS.app}.12`;
const SUBNETS_SWEPT = [SUBNETS.app, SUBNETS.data, SUBNETS.services, SUBNETS.windows] as const;
const SWEPT_A_MINUTE = 16;

/** An application host tries port 22 of address after address in four subnets. */
export const sshSweep: Attack = {
  title: 'horizontal SSH scan inside, 240 addresses in 15 minutes',
  stream: 102,
  at: 2 * DAY + 14 * HOUR + 10 * MINUTE,
  lasts: 15 * MINUTE,
  rules: ['internal-sweep', 'internal-probing'],
  marks: [TAKEN],
  act(scene, minute) {
    const { site } = scene;
    const source = site.apps[1];
    for (let step = 0; step < SWEPT_A_MINUTE; step++) {
      const turn = minute * SWEPT_A_MINUTE + step;
      const subnet = SUBNETS_SWEPT[turn % SUBNETS_SWEPT.length];
      const address = `${VPC_PREFIX}${subnet}.${10 + Math.floor(turn / SUBNETS_SWEPT.length)}`;
      if (address !== source.address) knock(scene, source, address, 22);
    }
  },
};

/** Closed at a host that is there; where none is, only the asker's interface notes it. */
function knock(scene: Scene, source: Station, address: string, port: number): void {
  const target = scene.site.fixed.find((host) => host.address === address);
  const probe = turnedAway(scene, source, target ?? address, port);
  scene.emit(target ? probe : { ...probe, rejectedBy: undefined, path: 1 });
}

const WORM_MINUTES = 6;
const SECOND_AFTER = 15;
const ENTRY = 3;
const SECOND = 5;

/** A desktop opens SMB to all others and to servers; a quarter of an hour later one of its targets does so too. */
export const smbWorm: Attack = {
  title: 'SMB worm: one desktop to 36 addresses in 6 minutes, then one of those onwards',
  stream: 103,
  at: 3 * DAY + 13 * HOUR + 40 * MINUTE,
  lasts: 30 * MINUTE,
  rules: ['smb-worm-chain', 'smb-fan-out', 'internal-sweep'],
  marks: [ENTRY, SECOND].flatMap((number) => {
    const { address, interfaceId } = station('', SUBNETS.windows, 20 + number);
    return [address, interfaceId];
  }),
  act(scene, minute) {
    const { desktops } = scene.site;
    if (minute < WORM_MINUTES) spread(scene, desktops[ENTRY], minute);
    const onwards = minute - SECOND_AFTER;
    if (onwards >= 0 && onwards < WORM_MINUTES) spread(scene, desktops[SECOND], onwards);
  },
};

function spread(scene: Scene, from: Station, minute: number): void {
  const { site, random } = scene;
  for (let step = 0; step < 6; step++) {
    const address = `${VPC_PREFIX}${SUBNETS.windows}.${10 + minute * 6 + step}`;
    if (address === from.address) continue;
    const desktop = site.desktops.find((host) => host.address === address);
    if (desktop) {
      const size = random.between(40_000, 300_000);
      scene.emit(talk(scene, from, desktop, { port: 445, sent: size, received: 20_000, lasts: 6 }));
    } else knock(scene, from, address, 445);
  }
}
