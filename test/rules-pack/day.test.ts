import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DirectorySource } from '../../src/adapters/local/directory.ts';
import type { Alert } from '../../src/alerts/alert.ts';
import { checkTree } from '../../src/config/check.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { type DayOptions, generateDay } from '../../src/generator/day.ts';
import { EXAMPLE_INCIDENTS } from '../../src/generator/example.ts';
import { INCIDENT_KINDS, type IncidentKind } from '../../src/generator/incidents.ts';
import { renderFile } from '../../src/generator/render.ts';
import { linesOfText } from '../../src/map/1-decode/text.ts';
import { DEFAULT_FORMAT, type Layout, parseLayout } from '../../src/records/layout.ts';
import { ReplayEngine } from '../../src/replay/engine.ts';

const LAYOUTS: readonly (readonly [string, Layout])[] = [
  ['the default format', parseLayout(DEFAULT_FORMAT)],
  [
    'a rich format',
    parseLayout(
      `${DEFAULT_FORMAT} tcp-flags pkt-srcaddr pkt-dstaddr flow-direction pkt-src-aws-service pkt-dst-aws-service traffic-path`,
    ),
  ],
];

let snapshot: Snapshot;
beforeAll(async () => {
  const directory = fileURLToPath(new URL('../../rules', import.meta.url));
  snapshot = checkTree(await new DirectorySource(directory).read()).snapshot;
});

function alertsOf(options: DayOptions, layout: Layout): Alert[] {
  const engine = new ReplayEngine(snapshot);
  const [, ...lines] = renderFile(generateDay(options), layout);
  engine.feed({
    lines: linesOfText(Buffer.from(lines.join(''))),
    source: { kind: 'file', name: 'day.log' },
    layouts: [layout],
    identity: 'day',
  });
  expect(engine.totals.malformed).toBe(0);
  return [...engine.take(), ...engine.finish()].filter((alert) => alert.status === 'firing');
}

const found = (alerts: readonly Alert[]): string[] =>
  alerts.map(({ rule, group }) => `${rule.id} ${Object.values(group).join(' ')}`).sort();

/** What each incident must raise, with its group. */
const RAISED: Readonly<Record<IncidentKind, readonly string[]>> = {
  'port-scan': ['port-probing 28.66.6.10 10.0.0.30'],
  'ssh-login': ['remote-admin-from-internet 10.0.0.30 22'],
  'brute-force': [
    'login-brute-force 28.66.6.12 10.0.0.30',
    'login-brute-force-slow 28.66.6.12 10.0.0.30',
  ],
  'reject-spike': ['reject-spike 10.0.0.10'],
  exfiltration: ['exfiltration-volume 10.0.20.101'],
  'foreign-dns': ['dns-foreign-resolver 10.0.10.11 28.66.6.15'],
  telnet: ['telnet-accepted 10.0.10.11 28.66.6.16'],
  'database-exposed': ['database-from-internet 10.0.30.20 5432'],
  mining: ['mining-pool-port 10.0.20.101 28.66.6.18 14444'],
};

/** Longer than the default where only what lasts is worth an alert. */
const MINUTES: Partial<Record<IncidentKind, number>> = { mining: 45 };
/** Hours after which it is known what is usual. */
const LEARNT = 7;

describe.each(LAYOUTS)('the built-in rules over generated days in %s', (_, layout) => {
  test('an ordinary day with the internet’s noise raises nothing', () => {
    expect(found(alertsOf({ seed: 7 }, layout))).toEqual([]);
  });

  test('the bundled example raises its three incidents and nothing else', () => {
    const options = { seed: 20_261_123, incidents: EXAMPLE_INCIDENTS };
    expect(found(alertsOf(options, layout))).toEqual(
      [...RAISED['port-scan'], ...RAISED['ssh-login'], ...RAISED['reject-spike']].sort(),
    );
  });

  test('every kind of incident raises its rule and no other', () => {
    const incidents = INCIDENT_KINDS.map((kind, index) => ({
      kind,
      at: 3_600 * (index + LEARNT),
      minutes: MINUTES[kind] ?? 5,
    }));
    const hours = INCIDENT_KINDS.length + LEARNT + 1;
    const alerts = alertsOf({ seed: 7, hours, incidents }, layout);
    expect(found(alerts)).toEqual(Object.values(RAISED).flat().sort());
  });
});
