import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isInFlowLogs,
  isOfOtherService,
  mayHold,
} from '../../../src/replay/inputs/flow-log-keys.ts';

const T = (time: string) => Date.parse(`${time}Z`) / 1000;
const PLAIN = 'x/AWSLogs/123456789012/vpcflowlogs/eu-west-1/';
const HIVE = 'AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1/';
const noon = { from: T('2026-11-20T12:00'), until: T('2026-11-20T13:00') };
const file = (time: string) =>
  `${PLAIN}2026/11/20/123456789012_vpcflowlogs_eu-west-1_fl-1_${time}Z_abcd.log.gz`;

describe('whether a key may hold records of noon', () => {
  test.each([
    [`${PLAIN}2026/`, true],
    [`${PLAIN}2025/`, false],
    [`${PLAIN}2026/11/`, true],
    [`${PLAIN}2026/10/`, false],
    [`${PLAIN}2026/11/20/`, true],
    [`${PLAIN}2026/11/19/`, false],
    [`${PLAIN}2026/11/21/`, false],
    [`${PLAIN}2026/11/20/12/`, true],
    [`${PLAIN}2026/11/20/10/`, false],
    [`${PLAIN}2026/11/20/14/`, false],
    [`${HIVE}year=2026/month=11/day=20/`, true],
    [`${HIVE}year=2026/month=11/day=19/`, false],
    [`${HIVE}year=2026/month=11/day=20/hour=12/`, true],
    [`${HIVE}year=2026/month=11/day=20/hour=09/`, false],
    [file('20261120T1200'), true],
    // Files are named by when their records ended, which may be ten minutes after they began.
    [file('20261120T1310'), true],
    [file('20261120T1320'), false],
    [file('20261120T1135'), false],
    // Nothing is known of these.
    [`${PLAIN}`, true],
    ['2025/11/20/', true],
    ['any/where/flows.log', true],
  ])('%s: %s', (key, may) => {
    expect(mayHold(key, noon)).toBe(may);
  });

  test('across a new year and at the end of a month', () => {
    const span = { from: T('2026-12-31T23:59'), until: T('2027-01-01T00:01') };
    for (const [folder, may] of [
      ['2026/12/31/', true],
      ['2027/01/01/', true],
      ['2026/12/30/', false],
      ['2027/01/02/', false],
    ] as const) {
      expect(mayHold(`${PLAIN}${folder}`, span)).toBe(may);
    }
  });

  test('a file that holds one is never left out, nor any folder above it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: T('2026-01-01T00:00'), max: T('2027-12-31T00:00') }),
        fc.integer({ min: 0, max: 660 }),
        fc.integer({ min: 1, max: 86_400 }),
        fc.integer({ min: 0, max: 86_400 }),
        (start, lasts, before, after) => {
          const span = { from: start - before, until: start + after + 1 };
          // The five minutes in which it ended name the file.
          const at = new Date(Math.floor((start + lasts) / 300) * 300_000).toISOString();
          const [, y, m, d, hh, mm] = /(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(at) ?? [];
          const name = `123456789012_vpcflowlogs_eu-west-1_fl-1_${y}${m}${d}T${hh}${mm}Z_ab.log.gz`;
          for (const key of [
            `${PLAIN}${y}/`,
            `${PLAIN}${y}/${m}/`,
            `${PLAIN}${y}/${m}/${d}/`,
            `${PLAIN}${y}/${m}/${d}/${hh}/`,
            `${HIVE}year=${y}/month=${m}/day=${d}/hour=${hh}/`,
            `${PLAIN}${y}/${m}/${d}/${name}`,
          ]) {
            expect(mayHold(key, span)).toBe(true);
          }
        },
      ),
    );
  });
});

test.each([
  ['AWSLogs/123456789012/CloudTrail/eu-west-1/2026/', true],
  ['p/AWSLogs/o-abcdef1234/123456789012/elasticloadbalancing/', true],
  ['AWSLogs/aws-account-id=123456789012/aws-service=other/', true],
  [PLAIN, false],
  [HIVE, false],
  ['AWSLogs/aws-account-id=123456789012/service=vpcflowlogs/region=eu-west-1/', false],
  ['AWSLogs/123456789012/', false],
  ['CloudTrail/x.json.gz', false],
])('%s is of another service: %s', (key, other) => {
  expect(isOfOtherService(key)).toBe(other);
  expect(isInFlowLogs(key) && other).toBe(false);
});
