/** What reaches every public address without being asked, and what interfaces say of themselves. */
import { type Flow, type FlowRecord, ICMP, statusRecord, TCP, UDP } from './flow.ts';
import { ephemeralPort, knockedPort, strangerAddress } from './internet.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';

/** Scanners at a low steady rate, each a few packets at one port, all turned away. */
export function noiseMinute(network: Network, start: number, random: Random): Flow[] {
  return Array.from({ length: random.between(3, 8) }, () => knock(network, start, random));
}

function knock({ exposed }: Network, start: number, random: Random): Flow {
  const time = start + random.below(60);
  const kind = random.below(100);
  const protocol = kind < 82 ? TCP : kind < 96 ? UDP : ICMP;
  const packets = random.between(1, 3);
  return {
    client: strangerAddress(random),
    server: random.pick(exposed),
    protocol,
    clientPort:
      protocol === ICMP
        ? 0
        : random.chance(700)
          ? ephemeralPort(random)
          : 1_024 + random.below(64_000),
    serverPort: protocol === ICMP ? 0 : knockedPort(random),
    start: time,
    end: Math.max(time, start + 59 - random.below(5)),
    sent: { packets, bytes: packets * random.between(40, 60) },
    rejectedBy: 'server',
  };
}

/** NODATA of the interface that sleeps all day, and now and then a SKIPDATA. */
export function statusMinute(network: Network, start: number, random: Random): FlowRecord[] {
  const records: FlowRecord[] = [];
  if (Math.floor((start % 3_600) / 60) % 10 === 7) {
    records.push(statusRecord(network.backup, start, 'NODATA'));
  }
  if (random.chance(4)) {
    records.push(statusRecord(random.pick(network.all), start, 'SKIPDATA'));
  }
  return records;
}
