import { describe, expect, test } from '@jest/globals';
import { channelsFor } from '../../src/deliver/route.ts';
import { anAlert } from '../alerts/an-alert.ts';

const known = new Set(['default', 'ops', 'pager', 'owner']);
const to = (
  alert: Parameters<typeof channelsFor>[0],
  delivery?: Parameters<typeof channelsFor>[1],
) => channelsFor(alert, delivery, known);

describe('An alert goes', () => {
  test('to the channels its rule names', () => {
    expect(to(anAlert({ to: ['ops', 'pager'] }))).toEqual({ to: ['ops', 'pager'], unknown: [] });
  });

  test('to those of the routes it meets as well, each once', () => {
    const routes = [
      { match: { severity: ['high', 'critical'] }, to: ['pager', 'ops'] },
      { match: { srcaddr: ['10.0.0.0/8'] }, to: ['owner'] },
    ];
    expect(to(anAlert({ to: ['ops'] }), { routes })).toEqual({ to: ['ops', 'pager'], unknown: [] });
  });

  test('to `default` only where there is one', () => {
    const alert = anAlert({ to: ['default', 'ops'] });
    expect(to(alert).to).toEqual(['default', 'ops']);
    expect(channelsFor(alert, undefined, new Set(['ops']))).toEqual({ to: ['ops'], unknown: [] });
  });

  test('and a name without a channel is not lost', () => {
    expect(to(anAlert({ to: ['opps'] }))).toEqual({ to: [], unknown: ['opps'] });
  });

  test('not to the owner, where it is about the network', () => {
    expect(to(anAlert({ to: ['ops'] }), { owner: 'owner', routes: [] }).to).toEqual(['ops']);
  });
});

describe('An alert about the service', () => {
  const service = anAlert({ type: 'service', to: [] });

  test('goes to the owner’s channel', () => {
    expect(to(service, { owner: 'owner', routes: [] })).toEqual({ to: ['owner'], unknown: [] });
    expect(to(service, { owner: 'boss', routes: [] })).toEqual({ to: [], unknown: ['boss'] });
  });

  test('and by the routes that speak of a type, not by one for everything', () => {
    const everything = { match: {}, to: ['ops'] };
    expect(to(service, { routes: [everything] }).to).toEqual([]);
    const typed = { match: { type: ['service'] }, to: ['pager'] };
    expect(to(service, { routes: [everything, typed] }).to).toEqual(['pager']);
    expect(to(anAlert({ to: [] }), { routes: [everything, typed] }).to).toEqual(['ops']);
  });
});

describe('A test alert', () => {
  const from = (logGroup: string, type: 'test' | 'alert' = 'test') =>
    anAlert({ type, to: [], sources: [{ logGroup, records: 1 }] });

  test('goes to the channel that its log group names', () => {
    expect(to(from('flowlog-alerts/test/pager')).to).toEqual(['pager']);
    expect(to(from('flowlog-alerts/test/nobody')).unknown).toEqual(['nobody']);
  });

  test.each([
    ['flowlog-alerts/test', 'test'],
    ['flowlog-alerts/tests/pager', 'test'],
    ['flowlog-alerts/test/pager', 'alert'],
  ] as const)('%s of a %s names none', (group, type) => {
    expect(to(from(group, type))).toEqual({ to: [], unknown: [] });
  });
});
