/** Generated records in the layouts that AWS writes, some of them without a flow, some of them wrong. */
import fc from 'fast-check';
import { DEFAULT_LAYOUT, type Layout, parseLayout } from '../../../src/records/layout.ts';
import { TRANSIT_GATEWAY_FORMAT } from '../../../src/records/transit-gateway.ts';

/** One in several, so that groups grow. */
const ADDRESSES = ['10.0.0.1', '10.0.0.2', '198.51.100.7', '2001:db8::1', 'fd00::2'];
const NAMES: Readonly<Record<string, readonly string[]>> = {
  action: ['ACCEPT', 'REJECT'],
  'flow-direction': ['ingress', 'egress'],
  type: ['IPv4', 'IPv6'],
  'account-id': ['123456789012', 'unknown'],
  'pkt-dst-aws-service': ['S3', 'DYNAMODB'],
};
const START = 1_700_000_000;

export const LAYOUTS: readonly Layout[] = [
  DEFAULT_LAYOUT,
  parseLayout(
    'version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status flow-direction traffic-path pkt-dst-aws-service',
  ),
  parseLayout(TRANSIT_GATEWAY_FORMAT),
  // Without log-status, and with a field that nobody knows yet.
  parseLayout('dstport srcaddr action end start bytes new-field'),
];

function cell(name: string, type: string, most: number): fc.Arbitrary<string> {
  if (name === 'log-status') return fc.constant('OK');
  if (name === 'start') return fc.integer({ min: START, max: START + 300 }).map(String);
  if (name === 'end') return fc.integer({ min: START + 300, max: START + 400 }).map(String);
  if (type === 'address') return fc.constantFrom(...ADDRESSES);
  if (type === 'number') {
    const usual = fc.constantFrom(...[0, 1, 6, 22, 443].filter((value) => value <= most));
    return fc.oneof(usual, fc.integer({ min: 0, max: Math.min(most, 60_000) })).map(String);
  }
  return fc.constantFrom(...(NAMES[name] ?? ['a', `${name}-1`, 'é%20ü']));
}

/** What is wrong, and yet has its column's type in Parquet. */
const WRONG: Readonly<Record<string, readonly string[]>> = {
  dstport: ['65536', '-1'],
  srcaddr: ['10.0.0.256', 'x'],
  action: ['MAYBE'],
  protocol: ['256'],
  bytes: ['9007199254740993'],
};

export function lineOf({ fields }: Layout): fc.Arbitrary<string> {
  const cells = fields.map(({ name, type, range }) =>
    fc.oneof(
      { weight: 8, arbitrary: cell(name, type, range?.[1] ?? Number.MAX_SAFE_INTEGER) },
      { weight: 1, arbitrary: fc.constant(/^(start|log-status)$/.test(name) ? '' : '-') },
    ),
  );
  const flow = fc
    .tuple(...cells)
    .map((values) =>
      values.map((value, i) => value || (fields[i].name === 'start' ? String(START) : 'OK')),
    );
  const wrong = fc
    .tuple(
      flow,
      fc.constantFrom(...fields.map(({ name }) => name).filter((name) => name in WRONG)),
      fc.nat(),
    )
    .map(([values, name, which]) =>
      values.map((value, i) =>
        fields[i].name === name ? WRONG[name][which % WRONG[name].length] : value,
      ),
    );
  const flowless = fc.constantFrom('NODATA', 'SKIPDATA').map((status) =>
    fields.map(({ name }) => {
      if (name === 'log-status') return status;
      return name === 'start' || name === 'end' ? String(START) : '-';
    }),
  );
  const untimed = flow.map((values) =>
    values.map((value, i) => (/^(start|end)$/.test(fields[i].name) ? '-' : value)),
  );
  return fc
    .oneof(
      { weight: 20, arbitrary: flow },
      { weight: 2, arbitrary: flowless },
      { weight: 1, arbitrary: wrong },
      { weight: 1, arbitrary: untimed },
    )
    .map((values) => values.join(' '));
}
