/** Hours of flow logs of a small VPC, with incidents where asked: equal for equal options, on any machine. */
import { type FlowRecord, recordsOf } from './flow.ts';
import { type Incident, incidentMinute } from './incidents.ts';
import { smallVpc } from './network.ts';
import { noiseMinute, statusMinute } from './noise.ts';
import { Random } from './random.ts';
import { ordinaryMinute } from './traffic.ts';

export interface DayOptions {
  readonly seed: number;
  /** Unix seconds, a whole minute. Default: 2026-11-23 00:00 UTC. */
  readonly start?: number;
  /** Default 24. */
  readonly hours?: number;
  /** Web and app servers together, 2 to 200; default 8. */
  readonly hosts?: number;
  readonly incidents?: readonly Incident[];
}

/** 2026-11-23T00:00:00Z, a Monday. */
export const DEFAULT_START = 1_795_392_000;

/**
 * Records in order of `start`. Incidents draw from streams of their own, so that the ordinary records
 * are the same with and without them.
 * @throws RangeError on a start within a minute or hosts out of range
 */
export function* generateDay(options: DayOptions): Generator<FlowRecord> {
  const { seed, start = DEFAULT_START, hours = 24, hosts = 8, incidents = [] } = options;
  if (start % 60 !== 0) throw new RangeError(`start must be a whole minute, not ${start}`);
  const network = smallVpc(hosts);
  const random = new Random(seed);
  const streams = incidents.map((_, index) => new Random(seed + (index + 1) * 0x51ed27));
  for (let minute = start; minute < start + hours * 3_600; minute += 60) {
    const flows = [
      ...ordinaryMinute(network, minute, random),
      ...noiseMinute(network, minute, random),
    ];
    const records = [...flows.flatMap(recordsOf), ...statusMinute(network, minute, random)];
    incidents.forEach((incident, index) => {
      const added = incidentMinute(incident, network, start, minute, streams[index]);
      records.push(...added.flatMap(recordsOf));
    });
    yield* records.sort((a, b) => Number(a.start) - Number(b.start));
  }
}
