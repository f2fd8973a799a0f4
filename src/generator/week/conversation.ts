/** Who talks to whom: short ways to say what the week's actors do. */
import { type Flow, TCP, UDP } from '../flow.ts';
import { ephemeralPort } from '../internet.ts';
import type { Random } from '../random.ts';
import type { Site } from './site.ts';
import type { Station } from './station.ts';
import { standingPort } from './station.ts';
import { MINUTE, type Minute } from './time.ts';

/** A flow between interfaces of the week's VPC or with addresses elsewhere. */
export interface Conversation extends Omit<Flow, 'client' | 'server' | 'received' | 'rejectedBy'> {
  readonly client: Station | string;
  readonly server: Station | string;
  readonly received?: Flow['received'] | undefined;
  readonly rejectedBy?: Flow['rejectedBy'] | undefined;
  /** `traffic-path` at the client's interface; by the server's address unless given. */
  readonly path?: number;
  /** The server answers with RST alone. */
  readonly refused?: boolean;
  /** `tcp-flags` of the request, where they do not follow from the rest. */
  readonly flags?: number;
}

export type Emit = (conversation: Conversation) => void;

/** What an actor sees of a minute; `random` is its own stream for this minute. */
export interface Scene {
  readonly site: Site;
  readonly minute: Minute;
  readonly random: Random;
  readonly emit: Emit;
  /** Something that is out of order in this minute. */
  readonly outage?: 'partner-feed';
}

/** Writes what an actor does in one minute. */
export type Actor = (scene: Scene) => void;

export interface Talk {
  readonly port: number;
  /** Bytes each way; packets follow from them. */
  readonly sent: number;
  readonly received: number;
  /** Seconds from the first packet to the last. */
  readonly lasts?: number;
  /** Seconds into the minute. */
  readonly at?: number;
  readonly protocol?: number;
  readonly clientPort?: number;
}

const PAYLOAD = 1_400;

/** Packets that carry so many bytes, with what opens and closes a connection. */
function packetsOf(bytes: number, protocol = TCP): number {
  return protocol === TCP
    ? 4 + Math.ceil(bytes / PAYLOAD)
    : Math.max(1, Math.ceil(bytes / PAYLOAD));
}

/** A connection that begins in this minute, by default at a random second of it. */
export function talk(
  { minute, random }: Scene,
  client: Station | string,
  server: Station | string,
  options: Talk,
): Conversation {
  const { port, lasts = random.below(4), protocol = TCP } = options;
  const sent = Math.round(options.sent);
  const received = Math.round(options.received);
  const start = minute.start + (options.at ?? random.below(MINUTE));
  const overhead = protocol === TCP ? 40 : 28;
  const out = packetsOf(sent, protocol);
  const back = packetsOf(received, protocol);
  return {
    client,
    server,
    protocol,
    clientPort: options.clientPort ?? ephemeralPort(random),
    serverPort: port,
    start,
    end: start + lasts,
    sent: { packets: out, bytes: sent + out * overhead },
    received: { packets: back, bytes: received + back * overhead },
  };
}

/** This minute of a connection that stays open. */
export function standing(
  scene: Scene,
  client: Station | string,
  server: Station | string,
  options: Omit<Talk, 'lasts' | 'at'> & { readonly age?: number },
): Conversation {
  const number = (party: Station | string) => (typeof party === 'string' ? 1 : party.number);
  const clientPort =
    options.clientPort ??
    standingPort(number(client) * 7 + options.port, number(server), options.age);
  const { start } = scene.minute;
  const at = scene.random.below(3);
  const whole = talk(scene, client, server, { ...options, clientPort, at, lasts: 0 });
  return { ...whole, end: start + 56 + scene.random.below(4), part: 'middle' };
}

/** One question and one answer by UDP. */
export function ask(
  scene: Scene,
  client: Station | string,
  server: Station | string,
  port: number,
  clientPort = ephemeralPort(scene.random),
): Conversation {
  const { random } = scene;
  return talk(scene, client, server, {
    port,
    clientPort,
    protocol: UDP,
    lasts: 0,
    sent: random.between(30, 60),
    received: random.between(60, 260),
  });
}

/** A knock that is turned away, at the server's side unless told. */
export function turnedAway(
  scene: Scene,
  client: Station | string,
  server: Station | string,
  port: number,
  more: Partial<Conversation> = {},
): Conversation {
  const { minute, random } = scene;
  const start = minute.start + random.below(MINUTE);
  const packets = random.between(1, 3);
  return {
    client,
    server,
    protocol: TCP,
    clientPort: ephemeralPort(random),
    serverPort: port,
    start,
    end: start + (packets - 1) * 2,
    sent: { packets, bytes: packets * random.between(40, 60) },
    rejectedBy: 'server',
    ...more,
  };
}

/** Out through the zone's NAT gateway: the host's own records, then both sides of the gateway's. */
export function throughNat(scene: Scene, conversation: Conversation): void {
  const { client, server } = conversation;
  if (typeof client === 'string' || typeof server !== 'string')
    throw new TypeError('only a host goes out');
  const nat = scene.site.nats[client.number % scene.site.nats.length];
  scene.emit({ ...conversation, path: 1 });
  const packet = { client: client.address, server };
  scene.emit({ ...conversation, client: client.address, server: nat, packet });
  const standing = conversation.part === 'middle' && conversation.protocol === TCP;
  const clientPort = standing
    ? 1_024 + ((conversation.clientPort * 31 + client.number * 17) % 64_000)
    : scene.random.between(1_024, 65_535);
  scene.emit({ ...conversation, client: nat, clientPort });
}
