/** The attacks by name; each file beside has some of one sort. */
import type { Attack } from './attack.ts';
import { feedSilent, rejectSpike, synFlood } from './attacks/floods.ts';
import { smbWorm, sshSweep } from './attacks/lateral.ts';
import { rdpGuessing, sshGuessing } from './attacks/logins.ts';
import {
  dnsTunnel,
  exfiltration,
  ircPort,
  mining,
  minuteBeacon,
  tenMinuteBeacon,
} from './attacks/outward.ts';
import { portScan } from './attacks/scan.ts';

export const ATTACKS = {
  'port-scan': portScan,
  'ssh-sweep': sshSweep,
  'reject-spike': rejectSpike,
  exfiltration,
  'minute-beacon': minuteBeacon,
  'ten-minute-beacon': tenMinuteBeacon,
  'ssh-guessing': sshGuessing,
  'rdp-guessing': rdpGuessing,
  'irc-port': ircPort,
  'dns-tunnel': dnsTunnel,
  'smb-worm': smbWorm,
  mining,
  'feed-silent': feedSilent,
  'syn-flood': synFlood,
} as const satisfies Readonly<Record<string, Attack>>;

export type AttackName = keyof typeof ATTACKS;
export const ATTACK_NAMES = Object.keys(ATTACKS) as AttackName[];
