import { describe, expect, test } from '@jest/globals';
import { allows, matches, type Statement } from './policy.ts';

const PUT: Statement = {
  Effect: 'Allow',
  Action: ['s3:PutObject'],
  Resource: 'arn:aws:s3:::state/checkpoint/*',
};
const METRICS: Statement = {
  Effect: 'Allow',
  Action: 'cloudwatch:PutMetricData',
  Resource: '*',
  Condition: { StringEquals: { 'cloudwatch:namespace': 'FlowlogAlerts' } },
};

describe('The gateway holds functions to their roles', () => {
  test('an action on a resource of the statement is allowed', () => {
    const wish = { action: 's3:PutObject', resource: 'arn:aws:s3:::state/checkpoint/0' };
    expect(allows([PUT], wish)).toBe(true);
  });

  test.each([
    ['another action', 's3:GetObject', 'arn:aws:s3:::state/checkpoint/0'],
    ['another prefix', 's3:PutObject', 'arn:aws:s3:::state/snapshot.json.gz'],
    ['another bucket', 's3:PutObject', 'arn:aws:s3:::estate/checkpoint/0'],
  ])('%s is not', (_, action, resource) => {
    expect(allows([PUT], { action, resource })).toBe(false);
  });

  test('a condition must hold, and must be known', () => {
    const wish = { action: 'cloudwatch:PutMetricData', resource: '*' };
    const inSpace = (name: string) => ({ ...wish, context: { 'cloudwatch:namespace': name } });
    expect(allows([METRICS], inSpace('FlowlogAlerts'))).toBe(true);
    expect(allows([METRICS], inSpace('Other'))).toBe(false);
    expect(allows([METRICS], wish)).toBe(false);
    const odd = { ...METRICS, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
    expect(() => allows([odd], { ...wish, context: { 'aws:SourceIp': '10.1.1.1' } })).toThrow(
      'IpAddress',
    );
  });

  test('wildcards are those of IAM: a dot is a dot', () => {
    expect(matches('a.b*', 'a.bcd')).toBe(true);
    expect(matches('a.b*', 'axbcd')).toBe(false);
    expect(matches('a?c', 'abc')).toBe(true);
    expect(matches('a?c', 'abbc')).toBe(false);
  });
});
