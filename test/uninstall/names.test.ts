import { describe, expect, test } from '@jest/globals';
import { bucketOf, functionLogGroups, isTagged } from '../../src/uninstall/names.ts';

describe('buckets', () => {
  test('of the stage are known by their logical ids', () => {
    expect(bucketOf('prod', 'flowlog-alerts-prod-statebucket-1a2b3c4d5e6f')).toBe('state');
    expect(bucketOf('prod', 'flowlog-alerts-prod-serverlessdeploymentbucket-1a2b')).toBe(
      'packages',
    );
  });

  test.each([
    'flowlog-alerts-prod-eu-statebucket-1a2b',
    'flowlog-alerts-production-statebucket-1a2b',
    'flowlog-alerts-prod-statebucket',
    'flowlog-alerts-prod-statebucket-1a2b-copy',
    'flowlog-alerts-prod-mybucket-1a2b',
    'other-flowlog-alerts-prod-statebucket-1a2b',
  ])('%s is no bucket of the stage prod', (name) => {
    expect(bucketOf('prod', name)).toBeUndefined();
  });

  test('must carry the tags of the service and the stage, both', () => {
    const service = { Key: 'service', Value: 'flowlog-alerts' };
    const stage = (Value: string) => ({ Key: 'stage', Value });
    expect(isTagged('prod', [service, stage('prod')])).toBe(true);
    expect(isTagged('prod', [service, stage('dev')])).toBe(false);
    expect(isTagged('prod', [stage('prod')])).toBe(false);
    expect(isTagged('prod', [])).toBe(false);
  });
});

test('log groups are named one by one, so that no other stage is among them', () => {
  const groups = functionLogGroups('prod');
  expect(groups).toContain('/aws/lambda/flowlog-alerts-prod-reduce');
  expect(groups).not.toContain('/aws/lambda/flowlog-alerts-prod-eu-reduce');
});
