/** Things that should be noticed, to be put into an ordinary day. */
import { type Flow, TCP, UDP } from './flow.ts';
import { ephemeralPort, strangerAddress } from './internet.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';

export const INCIDENT_KINDS = [
  'port-scan',
  'ssh-login',
  'brute-force',
  'reject-spike',
  'exfiltration',
  'foreign-dns',
  'telnet',
  'database-exposed',
  'mining',
] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

export interface Incident {
  readonly kind: IncidentKind;
  /** Seconds after the day's start. */
  readonly at: number;
  /** How many minutes it goes on; default 5. */
  readonly minutes?: number;
  /** Flows a minute; each kind has its own default. */
  readonly rate?: number;
  /** The stranger's address; default one from the seed. */
  readonly stranger?: string;
}

interface Scene {
  readonly network: Network;
  readonly stranger: string;
  /** Which minute of the incident, from 0. */
  readonly minute: number;
  readonly start: number;
  readonly rate: number | undefined;
  readonly random: Random;
}

/** The incident's flows in the minute from `start`; none before and after it. */
export function incidentMinute(
  incident: Incident,
  network: Network,
  dayStart: number,
  start: number,
  random: Random,
): Flow[] {
  const minute = Math.floor((start - dayStart - incident.at) / 60);
  if (minute < 0 || minute >= (incident.minutes ?? 5)) return [];
  const { stranger = ATTACKERS[incident.kind], rate } = incident;
  return SCENES[incident.kind]({ network, stranger, minute, start, rate, random });
}

/** One stranger a kind, so that each is found again in the day's alerts. */
const ATTACKERS = Object.fromEntries(
  INCIDENT_KINDS.map((kind, index) => [kind, `28.66.6.${10 + index}`]),
) as Readonly<Record<IncidentKind, string>>;

const times = (count: number, make: (index: number) => Flow): Flow[] =>
  Array.from({ length: count }, (_, index) => make(index));

function tcp(
  scene: Scene,
  flow: Pick<Flow, 'client' | 'server' | 'serverPort'>,
  more: Partial<Flow> = {},
): Flow {
  const start = scene.start + scene.random.below(55);
  return {
    protocol: TCP,
    clientPort: ephemeralPort(scene.random),
    start,
    end: Math.min(start + 4, scene.start + 59),
    sent: { packets: 1, bytes: 44 },
    ...flow,
    ...more,
  };
}

const SCENES: Readonly<Record<IncidentKind, (scene: Scene) => Flow[]>> = {
  /** One source tries port after port of the bastion. */
  'port-scan': (scene) =>
    times(scene.rate ?? 60, (index) =>
      tcp(
        scene,
        {
          client: scene.stranger,
          server: scene.network.bastion,
          serverPort: 1 + (((scene.minute * (scene.rate ?? 60) + index) * 7) % 10_000),
        },
        { rejectedBy: 'server' },
      ),
    ),

  /** A stranger is let in to the bastion's SSH. */
  'ssh-login': (scene) => [
    tcp(
      scene,
      { client: scene.stranger, server: scene.network.bastion, serverPort: 22 },
      {
        start: scene.start,
        end: scene.start + 59,
        clientPort: 51_515,
        sent: { packets: 84, bytes: 9_120 },
        received: { packets: 92, bytes: 21_440 },
        part: scene.minute === 0 ? 'first' : 'middle',
      },
    ),
  ],

  /** Password after password, each a short connection. */
  'brute-force': (scene) =>
    times(scene.rate ?? 30, () =>
      tcp(
        scene,
        { client: scene.stranger, server: scene.network.bastion, serverPort: 22 },
        { sent: { packets: 14, bytes: 1_900 }, received: { packets: 15, bytes: 2_400 } },
      ),
    ),

  /** Many sources at once against one address. */
  'reject-spike': (scene) =>
    times(scene.rate ?? 250, () =>
      tcp(
        scene,
        {
          client: strangerAddress(scene.random),
          server: scene.network.balancers[0],
          serverPort: scene.random.pick([8_443, 8_080, 9_000]),
        },
        { rejectedBy: 'server' },
      ),
    ),

  /** An application server sends far more than it ever does. */
  exfiltration: (scene) => [
    tcp(
      scene,
      { client: scene.network.app[0], server: scene.stranger, serverPort: 443 },
      {
        start: scene.start,
        end: scene.start + 59,
        clientPort: 47_117,
        sent: { packets: 215_000, bytes: 300_000_000 },
        received: { packets: 30_000, bytes: 1_600_000 },
        part: scene.minute === 0 ? 'first' : 'middle',
      },
    ),
  ],

  /** A web server asks a resolver that is not the VPC's. */
  'foreign-dns': (scene) =>
    times(scene.rate ?? 3, () =>
      tcp(
        scene,
        { client: scene.network.web[0], server: scene.stranger, serverPort: 53 },
        {
          protocol: UDP,
          sent: { packets: 1, bytes: 82 },
          received: { packets: 1, bytes: 190 },
        },
      ),
    ),

  telnet: (scene) => [
    tcp(
      scene,
      { client: scene.network.web[0], server: scene.stranger, serverPort: 23 },
      { sent: { packets: 20, bytes: 1_100 }, received: { packets: 22, bytes: 3_000 } },
    ),
  ],

  'database-exposed': (scene) => [
    tcp(
      scene,
      { client: scene.stranger, server: scene.network.database, serverPort: 5_432 },
      { sent: { packets: 30, bytes: 4_000 }, received: { packets: 40, bytes: 60_000 } },
    ),
  ],

  /** A compromised server keeps a connection to a mining pool. */
  mining: (scene) => [
    tcp(
      scene,
      { client: scene.network.app[0], server: scene.stranger, serverPort: 14_444 },
      {
        start: scene.start,
        end: scene.start + 59,
        clientPort: 44_021,
        sent: { packets: 12, bytes: 2_100 },
        received: { packets: 12, bytes: 3_200 },
        part: scene.minute === 0 ? 'first' : 'middle',
      },
    ),
  ],
};
