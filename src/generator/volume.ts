/** Lines by the million, for benchmarks: cheap to make, and as varied as matching and memory notice. */
import { DEFAULT_START } from './day.ts';
import { ephemeralPort, knockedPort, strangerAddress } from './internet.ts';
import { ACCOUNT, smallVpc } from './network.ts';
import { Random } from './random.ts';

const STRANGERS = 4_096;
const SERVER_PORTS = [443, 443, 443, 80, 8_080, 8_443, 5_432, 53, 22, 9_100] as const;

/** Records a second of the made-up clock. */
const RATE = 500;

/**
 * Lines of the default format, in order of `start` from 2026-11-23 00:00 UTC, about 500 a second of event time:
 * four in five between hosts, the rest with the internet, one in ten rejected.
 */
export function* generateLines(count: number, seed = 1): Generator<string> {
  const random = new Random(seed);
  const { all } = smallVpc(120);
  const interfaces = all.map((host) => `2 ${ACCOUNT} ${host.interfaceId} `);
  const hosts = all.map((host) => host.address);
  const strangers = Array.from({ length: STRANGERS }, () => strangerAddress(random));
  for (let index = 0; index < count; index++) {
    const start = DEFAULT_START + Math.floor(index / RATE);
    const bits = random.next();
    const at = bits % hosts.length;
    const kind = (bits >>> 8) % 10;
    const peer = kind < 8 ? random.pick(hosts) : strangers[(bits >>> 12) % STRANGERS];
    const rejected = kind === 9;
    const server = rejected ? knockedPort(random) : SERVER_PORTS[(bits >>> 16) % 10];
    const protocol = server === 53 ? 17 : 6;
    const client = ephemeralPort(random);
    const packets = rejected ? 1 : 1 + ((bits >>> 20) % 64);
    const bytes = packets * (40 + ((bits >>> 4) % 1_400));
    const ways =
      rejected || (bits & 1) === 0
        ? `${peer} ${hosts[at]} ${client} ${server}`
        : `${hosts[at]} ${peer} ${server} ${client}`;
    const end = start + ((bits >>> 6) % 60);
    yield `${interfaces[at]}${ways} ${protocol} ${packets} ${bytes} ${start} ${end} ${rejected ? 'REJECT' : 'ACCEPT'} OK`;
  }
}

/** The same as one buffer, a line feed after each line. */
export function generateText(count: number, seed = 1): Uint8Array {
  const parts: Buffer[] = [];
  let text = '';
  for (const line of generateLines(count, seed)) {
    text += `${line}\n`;
    if (text.length > 1_000_000) {
      parts.push(Buffer.from(text, 'latin1'));
      text = '';
    }
  }
  parts.push(Buffer.from(text, 'latin1'));
  return Buffer.concat(parts);
}
