import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { parseLayout } from '../../src/records/layout.ts';
import { TRANSIT_GATEWAY_FORMAT } from '../../src/records/transit-gateway.ts';
import { gzip, payload } from '../replay/inputs/sources.ts';
import { cli } from './cli.ts';
import { type Workspace, workspace } from './workspace.ts';

const NAMES = parseLayout(TRANSIT_GATEWAY_FORMAT).fields.map(({ name }) => name);
const START = 1_767_225_600;

/** A record in the default format of transit gateways. */
function line(minute: number, fields: Readonly<Record<string, string | number>> = {}): string {
  const start = START + minute * 60;
  const values: Record<string, string | number> = {
    version: 6,
    'resource-type': 'TransitGateway',
    'account-id': '123456789012',
    'tgw-id': 'tgw-0123456789abcdef0',
    'tgw-attachment-id': 'tgw-attach-1',
    'tgw-src-vpc-id': 'vpc-1',
    srcaddr: '10.1.0.10',
    dstaddr: '10.2.0.20',
    srcport: 49_152,
    dstport: 5432,
    protocol: 6,
    packets: 20,
    bytes: 1200,
    start,
    end: start + 59,
    'log-status': 'OK',
    type: 'IPv4',
    'packets-lost-no-route': 0,
    'packets-lost-blackhole': 0,
    'packets-lost-mtu-exceeded': 0,
    'packets-lost-ttl-expired': 0,
    'tcp-flags': 2,
    region: 'eu-west-1',
    'flow-direction': 'ingress',
    ...fields,
  };
  return NAMES.map((name) => values[name] ?? '-').join(' ');
}

const LOST = Array.from({ length: 10 }, (_, i) => line(i, { 'packets-lost-blackhole': 20 }));
const QUIET = Array.from({ length: 10 }, (_, i) => line(i, { packets: 5000 }));
const flowless = (status: string) =>
  line(11, {
    ...Object.fromEntries(NAMES.slice(4).map((name) => [name, '-'])),
    start: START,
    end: START + 59,
    'log-status': status,
  });

let w: Workspace;

beforeAll(() => {
  w = workspace();
});
afterAll(() => w.remove());

const firing = (out: string) =>
  out
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text) as Alert)
    .filter(({ status }) => status === 'firing')
    .map(({ rule, group, value }) => ({ id: rule.id, group, value }));

const EXPECTED = [
  {
    id: 'tgw-blackhole',
    group: { 'tgw-attachment-id': 'tgw-attach-1' },
    value: expect.any(Number),
  },
];

describe('flow logs of transit gateways', () => {
  test('in files tell their fields in the header, and the built-in rules see what is lost', async () => {
    const file = w.write('tgw.log.gz', gzip([NAMES.join(' '), ...LOST, ''].join('\n')));
    const { code, out, err } = await cli(['replay', file, '--json']);
    expect([code, firing(out)]).toEqual([0, EXPECTED]);
    expect(err).toContain('10 records');
  });

  test('in a subscription have the format that is known of their log group', async () => {
    w.write('rules/settings.yaml', `formats:\n  "/vpc/*": "${TRANSIT_GATEWAY_FORMAT}"\n`);
    w.write('rules/mine.yaml', 'id: mine\nmatch: { tgw-id: tgw-1 }\n');
    w.write(
      'rules/tgw.yaml',
      [
        'id: tgw-blackhole',
        'match: { packets-lost-blackhole: { gt: 0 } }',
        'detect: { sum: { field: packets-lost-blackhole, above: 100 } }',
        'by: [tgw-attachment-id, tgw-pair-attachment-id?]',
        'window: 10m',
      ].join('\n'),
    );
    const args = ['replay', '-', '--json', '--rules', w.path('rules')];
    const stdin = gzip(payload([...LOST, flowless('NODATA'), flowless('SKIPDATA')]));
    const { out, err } = await cli(args, { stdin });
    expect(firing(out)).toEqual(EXPECTED);
    expect(err).toContain('10 records');
    expect(err).toMatch(/1 SKIPDATA line.*\n.*1 NODATA line/);
    expect(err).not.toContain('could not be read');
  });

  test('without losses raise none of the built-in rules', async () => {
    const file = w.write('quiet.log', [NAMES.join(' '), ...QUIET, ''].join('\n'));
    const { code, out, err } = await cli(['replay', file, '--json']);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('10 records');
  });

  test('have requests answered by any record of the way back, as no action is logged', async () => {
    w.write(
      'unanswered/rule.yaml',
      'match: { dstport: 5432 }\ndetect: { unanswered: { min: 5 } }\nby: [dstaddr]\nwindow: 5m\n',
    );
    const asked = (port: number) => line(1, { srcport: port });
    const back = (port: number) =>
      line(1, {
        srcaddr: '10.2.0.20',
        dstaddr: '10.1.0.10',
        srcport: 5432,
        dstport: port,
        'tcp-flags': 18,
      });
    const ports = [50_000, 50_001, 50_002, 50_003, 50_004, 50_005];
    const alone = [NAMES.join(' '), ...ports.map(asked), ''].join('\n');
    const both = [NAMES.join(' '), ...ports.map(asked), ...ports.map(back), ''].join('\n');
    const args = ['replay', '-', '--json', '--rules', w.path('unanswered')];
    expect(firing((await cli(args, { stdin: alone })).out)).toHaveLength(1);
    expect(firing((await cli(args, { stdin: both })).out)).toEqual([]);
  });
});
