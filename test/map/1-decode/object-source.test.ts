import { describe, expect, test } from '@jest/globals';
import { sourceOfObject } from '../../../src/map/1-decode/object-source.ts';

const FILE = '123456789012_vpcflowlogs_eu-west-1_fl-1a2b_20261123T1620Z_fe123456.log.gz';

describe('the source of an object', () => {
  test.each([
    ['plain', 'AWSLogs/123456789012/vpcflowlogs/eu-west-1', '/2026/11/23/'],
    ['by the hour', 'AWSLogs/123456789012/vpcflowlogs/eu-west-1', '/2026/11/23/16/'],
    ['under a prefix', 'net/prod/AWSLogs/123456789012/vpcflowlogs/eu-west-1', '/2026/11/23/'],
    [
      'Hive',
      'AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1',
      '/year=2026/month=11/day=23/hour=16/',
    ],
    [
      'Hive of a transit gateway',
      'p/AWSLogs/aws-account-id=123456789012/service=vpcflowlogs/aws-region=eu-west-1',
      '/year=2026/month=11/day=23/',
    ],
  ])('laid out by AWS (%s) is account and region, not the day', (_, prefix, rest) => {
    expect(sourceOfObject('logs', `${prefix}${rest}${FILE}`)).toEqual({
      kind: 'bucket',
      name: `logs/${prefix}`,
      account: '123456789012',
      region: 'eu-west-1',
    });
  });

  test('of two accounts or regions in one bucket is two', () => {
    const name = (account: string, region: string) =>
      sourceOfObject('logs', `AWSLogs/${account}/vpcflowlogs/${region}/2026/11/23/x.gz`).name;
    const names = [
      name('123456789012', 'eu-west-1'),
      name('210987654321', 'eu-west-1'),
      name('123456789012', 'us-gov-west-1'),
    ];
    expect(new Set(names).size).toBe(3);
  });

  test('copied elsewhere is its folder without days, with account and region by its name', () => {
    expect(sourceOfObject('logs', `copies/2026/11/23/${FILE}`)).toEqual({
      kind: 'bucket',
      name: 'logs/copies',
      account: '123456789012',
      region: 'eu-west-1',
    });
    expect(sourceOfObject('logs', 'copies/dt=2026-11-23/part-0.parquet').name).toBe('logs/copies');
    expect(sourceOfObject('logs', 'exports/team/a.log')).toEqual({
      kind: 'bucket',
      name: 'logs/exports/team',
    });
    expect(sourceOfObject('logs', 'a.log').name).toBe('logs');
  });

  test('of another service of AWS is no account of flow logs', () => {
    const key = 'AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/11/23/x.log.gz';
    expect(sourceOfObject('logs', key)).toEqual({
      kind: 'bucket',
      name: 'logs/AWSLogs/123456789012/elasticloadbalancing/eu-west-1',
    });
  });
});
