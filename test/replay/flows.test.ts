import { describe, expect, test } from '@jest/globals';
import { BASE_TIME, batchesOfFlows } from '../../src/replay/flows.ts';
import type { FlowTemplate } from '../../src/rules/test-schema.ts';
import { linesOf } from './inputs/sources.ts';

function records(...flows: FlowTemplate[]): Record<string, string>[] {
  return [...batchesOfFlows(flows)].flatMap((batch) => {
    const names = batch.layouts[0].fields.map(({ name }) => name);
    return linesOf(batch).map((line) =>
      Object.fromEntries(line.split(' ').map((text, i) => [names[i], text])),
    );
  });
}

describe('flows of a test', () => {
  test('an empty one is an ordinary accepted HTTPS flow', () => {
    expect(records({})).toEqual([
      {
        version: '2',
        'account-id': '123456789012',
        'interface-id': 'eni-0123456789abcdef0',
        srcaddr: '10.0.0.10',
        dstaddr: '10.0.0.20',
        srcport: '49152',
        dstport: '443',
        protocol: '6',
        packets: '10',
        bytes: '840',
        action: 'ACCEPT',
        'log-status': 'OK',
        start: String(BASE_TIME),
        end: String(BASE_TIME + 59),
      },
    ]);
  });

  test('repeat, every and at place copies in time', () => {
    const starts = records({ repeat: 3, every: '90s', at: '5m' }).map(({ start }) => Number(start));
    expect(starts.map((start) => start - BASE_TIME)).toEqual([300, 390, 480]);
  });

  test('copies without a step begin at once', () => {
    const starts = records({ repeat: 2 }).map(({ start }) => start);
    expect(starts[0]).toBe(starts[1]);
  });

  test('flows come in the order of their times, whatever order they are written in', () => {
    const ports = records(
      { at: '2m', dstport: 3 },
      { dstport: 1, repeat: 2, every: '3m' },
      { at: 1, dstport: 2 },
    );
    expect(ports.map(({ dstport }) => dstport)).toEqual(['1', '2', '3', '1']);
  });

  test('copies vary by numbers and addresses, IPv4 and IPv6, up and down', () => {
    const varied = records(
      {
        repeat: 3,
        srcaddr: '10.0.0.254',
        srcport: 40_000,
        dstport: 22,
        vary: { srcaddr: 1, srcport: 7, dstport: -1 },
      },
      { at: 1, repeat: 2, srcaddr: '2001:db8::ffff', vary: { srcaddr: 1 } },
    );
    expect(varied.map(({ srcaddr, srcport, dstport }) => [srcaddr, srcport, dstport])).toEqual([
      ['10.0.0.254', '40000', '22'],
      ['10.0.0.255', '40007', '21'],
      ['10.0.1.0', '40014', '20'],
      ['2001:db8::ffff', '49152', '443'],
      ['2001:db8::1:0', '49152', '443'],
    ]);
  });

  test('null takes a field away, start and end too', () => {
    const [record] = records({ srcport: null, start: null });
    expect(record).not.toHaveProperty('srcport');
    expect(record).not.toHaveProperty('start');
    expect(record.end).toBe(String(BASE_TIME + 59));
  });

  test('names of protocols, units of bytes and ISO times are written as AWS does', () => {
    expect(
      records({
        protocol: 'UDP',
        bytes: '2MB',
        start: '2026-02-01T00:00:00Z',
        srcaddr: '2001:DB8::0:1',
      })[0],
    ).toMatchObject({
      protocol: '17',
      bytes: '2000000',
      start: '1769904000',
      end: '1769904059',
      srcaddr: '2001:db8::1',
    });
  });

  test('a field that AWS added later is kept', () => {
    expect(records({ 'new-field': 'x' })[0]).toHaveProperty('new-field', 'x');
  });

  test.each([
    [{ traffic: 'inbound' }, /flow 2: traffic is worked out from the record/],
    [{ 'instance-tag': 'two words' }, /flow 2: instance-tag cannot be "two words"/],
    [{ every: 'soon' }, /flow 2: every cannot be "soon"/],
    [{ start: 'today' }, /flow 2: start cannot be "today"/],
    [
      { repeat: 3, dstport: 65_534, vary: { dstport: 1 } },
      /flow 2: dstport cannot vary so far: copy 3/,
    ],
    [
      { repeat: 2, srcaddr: '0.0.0.0', vary: { srcaddr: -1 } },
      /srcaddr cannot vary so far: copy 2/,
    ],
    [{ repeat: 2, vary: { action: 1 } }, /action cannot vary: ACCEPT is neither a number nor/],
    [{ repeat: 2, vary: { 'tcp-flags': 1 } }, /tcp-flags cannot vary: the flow has none/],
    [{ repeat: 2, srcport: null, vary: { srcport: 1 } }, /srcport cannot vary: the flow has none/],
  ])('%j is refused with its place', (flow, message) => {
    expect(() => [...batchesOfFlows([{}, flow])]).toThrow(message);
  });
});
