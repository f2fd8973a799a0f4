import { describe, expect, test } from '@jest/globals';
import { type MatchedAlert, meetsAlert } from '../../src/alerts/alert-match.ts';

const ALERT: MatchedAlert = {
  type: 'alert',
  status: 'firing',
  rule: { id: 'port-probing', severity: 'high', tags: ['attack.t1046', 'scan'] },
  group: { srcaddr: '198.51.100.7', dstport: 22 },
  sources: [{ account: '123456789012', region: 'eu-west-1', logGroup: '/vpc/flow', records: 3 }],
};

describe('an alert meets', () => {
  test.each([
    ['a match without fields', {}],
    ['its rule', { rule: ['port-probing'] }],
    ['a pattern of its rule', { rule: ['port-*'] }],
    ['one of several severities', { severity: ['critical', 'high'] }],
    ['one of its tags', { tag: ['scan'] }],
    ['a number of its group as text', { dstport: ['22'] }],
    ['the block its address is in', { srcaddr: ['198.51.100.0/24'] }],
    ['a log group with slashes', { logGroup: ['/vpc/*'] }],
    ['several fields at once', { rule: ['port-probing'], account: ['123456789012'] }],
  ])('%s', (_, match) => {
    expect(meetsAlert(match, ALERT)).toBe(true);
  });

  test.each([
    ['of another rule', { rule: ['port-prob'] }],
    ['of which one field does not hold', { rule: ['port-probing'], severity: ['low'] }],
    ['of a field its group lacks', { dstaddr: ['10.0.0.5'] }],
    ['of the block next to its address', { srcaddr: ['198.51.101.0/24'] }],
    ['of a block of the other family', { srcaddr: ['::/0'] }],
    ['of a text that is no block', { srcaddr: ['198.51.100.7/x'] }],
    ['of no value', { rule: [] }],
  ])('no match %s', (_, match) => {
    expect(meetsAlert(match, ALERT)).toBe(false);
  });
});
