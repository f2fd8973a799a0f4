import { describe, expect, test } from '@jest/globals';
import type { Match } from '../../src/rules/compiled.ts';
import { matchWords } from '../../src/rules/match-words.ts';
import { matchOf } from './one-rule.ts';

const words = (block: string) => matchWords(matchOf(block) as Match);

describe('conditions in words', () => {
  test.each([
    ['{ dstport: [22, 3389, 5900-5999] }', ['dstport is 22 or 3389 or 5900-5999']],
    ['{ bytes: { gt: 1MB } }', ['bytes is at least 1000001']],
    ['{ bytes: { lte: 10 } }', ['bytes is at most 10']],
    ['{ srcaddr: { not: $internal } }', ['srcaddr is not $internal']],
    [
      '{ srcaddr: 10.0.0.1, dstaddr: 10.0.0.0/8 }',
      ['srcaddr is 10.0.0.1', 'dstaddr is 10.0.0.0/8'],
    ],
    ['{ vpc-id: { exists: true } }', ['vpc-id is there']],
    ['{ vpc-id: { exists: false } }', ['vpc-id is absent']],
    ['{ vpc-id: { prefix: vpc-0 } }', ['vpc-id is vpc-0...']],
    [
      '{ any: [{ srcport: 1 }, { dstport: 2, action: ACCEPT }] }',
      ['(srcport is 1 or (dstport is 2 and action is ACCEPT))'],
    ],
    ['{ not: { srcport: 1, dstport: 2 } }', ['not (srcport is 1 and dstport is 2)']],
    ['{ not: { srcport: 1 } }', ['not (srcport is 1)']],
    ['{ all: [{ srcport: 1 }, { dstport: 2 }] }', ['srcport is 1', 'dstport is 2']],
  ])('%s', (block, wanted) => expect(words(block)).toEqual(wanted));

  test('a match of every record has none', () => {
    expect(matchWords({ all: [] })).toEqual([]);
  });
});
