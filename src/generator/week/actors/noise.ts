/** What nobody asked for: the internet's knocking, late packets, and what interfaces say of themselves. */
import { ICMP, TCP, UDP } from '../../flow.ts';
import { ephemeralPort, knockedPort, strangerAddress } from '../../internet.ts';
import { type Conversation, type Scene, turnedAway } from '../conversation.ts';
import { DEPLOYMENTS, ROLLING } from '../site.ts';
import { type Station, standingPort } from '../station.ts';
import { MINUTE } from '../time.ts';
import { IDLE_FUNCTIONS } from './tiers.ts';

const SYN_ACK = 18;
const FIN = 1;
const RST = 4;

/** Thirty to sixty scanners an hour and public address, and now and then one that tries several ports. */
export function internetNoise(scene: Scene): void {
  const { site, random } = scene;
  for (const host of site.exposed) {
    const perHour = 30 + (standingPort(host.number, 9) % 31);
    if (random.chance((perHour * 1_000) / 60)) {
      knock(scene, host, strangerAddress(random), knockedPort(random), 0);
    }
    if (!random.chance(1)) continue;
    // Once or twice a day somebody tries up to thirty ports of one address within minutes.
    const stranger = strangerAddress(random);
    for (let ports = random.between(5, 30); ports > 0; ports--) {
      knock(scene, host, stranger, knockedPort(random), random.below(180));
    }
  }
}

function knock(scene: Scene, host: Station, stranger: string, port: number, delay: number): void {
  const { site, random, emit } = scene;
  const kind = random.below(100);
  const protocol = kind < 83 ? TCP : kind < 97 ? UDP : ICMP;
  const icmp = protocol === ICMP;
  const clientPort = random.chance(700) ? ephemeralPort(random) : random.between(1_024, 65_000);
  const knocked = turnedAway(scene, stranger, host, icmp ? 0 : port, {
    protocol,
    clientPort: icmp ? 0 : clientPort,
  });
  const start = knocked.start + delay;
  const moved: Conversation = { ...knocked, start, end: start + knocked.end - knocked.start };
  // Answers to what somebody else sent under our address.
  const backscatter = protocol === TCP && random.chance(60);
  const shown: Conversation = backscatter
    ? {
        ...moved,
        clientPort: random.pick([80, 443]),
        serverPort: ephemeralPort(random),
        flags: SYN_ACK,
      }
    : moved;
  // A NAT gateway has no security group: the log says ACCEPT although the gateway drops it. The mail
  // relay's port 25 and the balancers' web ports are open, and close on who says nothing.
  const open = site.nats.includes(host);
  const served =
    host === site.relay
      ? shown.serverPort === 25
      : isBalancer(scene, host) && isWeb(shown.serverPort);
  if (open) emit({ ...shown, rejectedBy: undefined });
  else if (served && protocol === TCP && !backscatter) {
    emit({ ...shown, rejectedBy: undefined, received: { packets: 2, bytes: 100 } });
  } else emit(shown);
}

const isBalancer = ({ site }: Scene, host: Station): boolean => site.balancers.includes(host);
const isWeb = (port: number): boolean => port === 80 || port === 443;

/** Packets that come after their connection was forgotten: rejected on ephemeral ports. */
export function latePackets(scene: Scene): void {
  const { site, minute, random, emit } = scene;
  const rolling = DEPLOYMENTS.some(
    (at) => minute.ofWeek >= at && minute.ofWeek < at + site.webSlots * ROLLING,
  );
  const late = (server: Station | string, port: number, client: Station): void => {
    const flags = random.pick([FIN, RST, 0]);
    emit(turnedAway(scene, server, client, ephemeralPort(random), { clientPort: port, flags }));
  };
  for (let count = (rolling ? 12 : 0) + (random.chance(500) ? 1 : 0); count > 0; count--) {
    const kind = random.below(3);
    if (kind === 0) late(random.pick(site.webs(minute)), 8_080, random.pick(site.balancers));
    else if (kind === 1) late(random.pick(site.inner), 443, random.pick(site.webs(minute)));
    else late(site.databases[0], 5_432, random.pick(site.apps));
  }
  // From web servers outside to the relay and the bastion, which had asked them for updates.
  if (random.chance(60))
    late(strangerAddress(random), 443, random.pick([site.relay, site.bastion]));
}

/** Idle interfaces say NODATA each interval; now and then a busy one lost records. */
export function statusLines(
  scene: Scene,
): { at: Station; status: 'NODATA' | 'SKIPDATA'; start: number }[] {
  const { site, minute, random } = scene;
  const idle = site.functions.slice(-IDLE_FUNCTIONS);
  const lines = idle.map((at) => ({
    at,
    status: 'NODATA' as const,
    start: minute.start + (at.number % MINUTE),
  }));
  const skipped = random.chance(10)
    ? [
        {
          at: random.pick([...site.balancers, ...site.inner]),
          status: 'SKIPDATA' as const,
          start: minute.start + 5,
        },
      ]
    : [];
  return [...lines, ...skipped];
}
