import { describe, expect, test } from '@jest/globals';
import type { BatchDigest } from '../../../src/log/digest.ts';
import { packDigest, unpackDigest } from '../../../src/replay/threads/packed-digest.ts';

const SAMPLE = { format: '${srcaddr} ${start}', line: '10.0.0.1 1767225600' };

const DIGEST: BatchDigest = {
  kind: 'batch',
  source: { kind: 'logGroup', name: '/vpc', account: '123456789012' },
  latest: 1_767_225_700,
  earliest: 1_767_225_600,
  longest: 59,
  skipped: [1_767_225_600],
  rules: [
    {
      rule: 'one',
      memory: 'abc',
      records: 3,
      sum: 2 ** 60,
      dropped: 1,
      groups: [
        {
          slot: 1_767_225_600,
          values: ['10.0.0.1', null, 443],
          records: 2,
          bytes: 0,
          packets: 7,
          sum: 2 ** 60,
          first: 1_767_225_601,
          last: 1_767_225_659,
          samples: [SAMPLE, { format: '${message}', line: 'ein Fluß\n🙂' }, SAMPLE],
          top: {
            dstport: [
              [443, 2],
              [80, 1],
            ],
            srcaddr: [],
          },
          part: [2 ** 48 + 1, 0, 59],
        },
        {
          slot: 1_767_225_660,
          values: [],
          records: 1,
          bytes: 1,
          packets: 1,
          sum: 0,
          first: 1_767_225_660,
          last: 1_767_225_660,
          samples: [],
          top: {},
          part: [],
        },
      ],
      answers: [[2 ** 48 + 7, 1_767_225_601]],
    },
    { rule: 'two', memory: 'def', records: 0, sum: 0, dropped: 0, groups: [], answers: [] },
  ],
};

describe('a packed digest', () => {
  test('is the digest again after it was copied to another thread', () => {
    expect(unpackDigest(structuredClone(packDigest(DIGEST)))).toEqual(DIGEST);
  });

  test('names each format once', () => {
    expect(packDigest(DIGEST).formats).toEqual(['${srcaddr} ${start}', '${message}']);
  });

  test('leaves what it packs as it was', () => {
    const before = structuredClone(DIGEST);
    packDigest(DIGEST);
    expect(DIGEST).toEqual(before);
  });
});
