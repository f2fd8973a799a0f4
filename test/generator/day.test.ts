import { describe, expect, test } from '@jest/globals';
import { DEFAULT_START, generateDay } from '../../src/generator/day.ts';
import type { FlowRecord } from '../../src/generator/flow.ts';
import { INCIDENT_KINDS, type IncidentKind } from '../../src/generator/incidents.ts';
import { fieldNamed } from '../../src/records/fields.ts';

const hour = (options: Partial<Parameters<typeof generateDay>[0]> = {}): FlowRecord[] => [
  ...generateDay({ seed: 1, hours: 1, ...options }),
];
const flows = (records: readonly FlowRecord[]): FlowRecord[] =>
  records.filter((record) => record['log-status'] === 'OK');
const allowed = (name: string, value: string | number): boolean => {
  const { version = 0, range, values } = fieldNamed(name) ?? {};
  const [low, high] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const inRange = typeof value === 'string' || (value >= low && value <= high);
  return version > 0 && inRange && (values?.includes(String(value)) ?? true);
};
const quiet = new Set(hour().map((record) => JSON.stringify(record)));
const incident = (kind: IncidentKind): FlowRecord[] =>
  hour({ incidents: [{ kind, at: 600 }] }).filter((record) => !quiet.has(JSON.stringify(record)));

describe('a generated day', () => {
  test('is the same for the same seed and another for another', () => {
    expect(hour()).toEqual(hour());
    expect(hour()).not.toEqual(hour({ seed: 2 }));
  });

  test('is in order of start and stays within its hours', () => {
    const starts = hour().map((record) => Number(record.start));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts[0]).toBeGreaterThanOrEqual(DEFAULT_START);
    expect(starts.at(-1)).toBeLessThan(DEFAULT_START + 3_600);
  });

  test('holds only fields that AWS writes, with values the field table allows', () => {
    const wrong = hour().flatMap((record) => [
      ...(Number(record.end) < Number(record.start) ? [record] : []),
      ...Object.entries(record).filter(([name, value]) => !allowed(name, value)),
    ]);
    expect(wrong).toEqual([]);
  });

  test('every accepted flow between two hosts makes a record a leg at each of them', () => {
    const inside = flows(hour()).filter(
      ({ srcaddr, dstaddr }) => /^10\.0\.1/.test(`${srcaddr}`) && /^10\.0\.2/.test(`${dstaddr}`),
    );
    const interfaces = new Map<string, Set<unknown>>();
    for (const { srcaddr, srcport, dstaddr, dstport, start, ...rest } of inside) {
      const key = [srcaddr, srcport, dstaddr, dstport, start].join();
      interfaces.set(key, (interfaces.get(key) ?? new Set()).add(rest['interface-id']));
    }
    expect(interfaces.size).toBeGreaterThan(20);
    expect([...interfaces.values()].every((found) => found.size === 2)).toBe(true);
  });

  test('a request opens with SYN, its reply answers on the client’s port with SYN-ACK', () => {
    const records = flows(hour());
    const request = records.find((record) => record['tcp-flags'] === 3) as FlowRecord;
    const reply = records.find(
      (record) => record.srcport === request.dstport && record.dstport === request.srcport,
    );
    expect(reply).toMatchObject({
      srcaddr: request.dstaddr,
      dstaddr: request.srcaddr,
      'tcp-flags': 19,
    });
  });

  test('noise from the internet is rejected at a low steady rate', () => {
    const noise = flows(hour()).filter((record) => record.action === 'REJECT');
    expect(noise.length).toBeGreaterThan(60 * 2);
    expect(noise.length).toBeLessThan(60 * 10);
    expect(noise.every((record) => !`${record.srcaddr}`.startsWith('10.'))).toBe(true);
  });

  test('idle interfaces write NODATA and SKIPDATA without a flow', () => {
    const day = [...generateDay({ seed: 1, hours: 24 })];
    const silent = day.filter((record) => record['log-status'] !== 'OK');
    expect(new Set(silent.map((record) => record['log-status']))).toEqual(
      new Set(['NODATA', 'SKIPDATA']),
    );
    expect(silent.every((record) => record.srcaddr === undefined)).toBe(true);
  });

  test('more hosts make more records', () => {
    expect(hour({ hosts: 40 }).length).toBeGreaterThan(hour().length * 2);
  });

  test('refuses a start within a minute and hosts that the network cannot hold', () => {
    expect(() => hour({ start: DEFAULT_START + 1 })).toThrow(RangeError);
    expect(() => hour({ hosts: 1 })).toThrow('hosts must be 2 to 200, not 1');
  });
});

describe('incidents', () => {
  test('leave the ordinary records as they are', () => {
    const incidents = INCIDENT_KINDS.map((kind) => ({ kind, at: 600 }));
    const with_ = new Set(hour({ incidents }).map((record) => JSON.stringify(record)));
    expect(hour().every((record) => with_.has(JSON.stringify(record)))).toBe(true);
  });

  test.each(INCIDENT_KINDS)('%s lasts from its time for its minutes', (kind) => {
    const starts = incident(kind).map((record) => Number(record.start) - DEFAULT_START);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(600);
    expect(Math.max(...starts)).toBeGreaterThanOrEqual(840);
    expect(Math.max(...starts)).toBeLessThan(900);
  });

  test('a port scan is one stranger, one target, many ports, all rejected', () => {
    const records = incident('port-scan');
    const distinct = (field: string): number =>
      new Set(records.map((record) => record[field])).size;
    expect([distinct('srcaddr'), distinct('dstaddr')]).toEqual([1, 1]);
    expect(distinct('dstport')).toBe(records.length);
    expect(records.every((record) => record.action === 'REJECT')).toBe(true);
  });

  test('an SSH login is accepted, in both legs', () => {
    const records = incident('ssh-login');
    expect(records.map((record) => record.action)).toEqual(Array(10).fill('ACCEPT'));
    expect(records.filter((record) => record.dstport === 22)).toHaveLength(5);
    expect(records.filter((record) => record.srcport === 22)).toHaveLength(5);
  });

  test('a spike of rejects has many sources and one target', () => {
    const records = incident('reject-spike');
    expect(records.length).toBe(1_250);
    expect(new Set(records.map((record) => record.dstaddr)).size).toBe(1);
    expect(new Set(records.map((record) => record.srcaddr)).size).toBeGreaterThan(1_000);
  });
});
