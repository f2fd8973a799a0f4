import { describe, expect, test } from '@jest/globals';
import { subscriptionResources } from '../../../config/subscriptions.js';
import { type Account, preflight } from './preflight.ts';
import type { Resource } from './template.ts';

const account = (filters: readonly string[] = []): Account => ({
  id: '123456789012',
  region: 'us-east-1',
  hasLogGroup: (name) => Promise.resolve(name.startsWith('/vpc/')),
  foreignFilters: () => filters,
});
const resources = (...groups: string[]) =>
  subscriptionResources(groups, 'dev') as Record<string, Resource>;
const deploy = (Resources: Record<string, Resource>, place = account()) =>
  preflight({ Resources }, place);

describe('A deploy that AWS would roll back fails here as well', () => {
  test('groups that exist and have room are subscribed to', async () => {
    await expect(
      deploy(resources('/vpc/a', '/vpc/b'), account(['theirs'])),
    ).resolves.toBeUndefined();
  });

  test('a group that is missing', async () => {
    await expect(deploy(resources('/vpc/a', '/other'))).rejects.toThrow('does not exist. (/other)');
  });

  test('a third filter on a group', async () => {
    await expect(deploy(resources('/vpc/a'), account(['one', 'two']))).rejects.toThrow(
      'two filters',
    );
  });

  test('a filter that is made before its permission, or whose permission is for another group', async () => {
    const [[filterId, filter], ...others] = Object.entries(resources('/vpc/a')).sort(
      ([, a], [, b]) => b.Type.localeCompare(a.Type),
    ) as [[string, Resource], ...[string, Resource][]];
    const { DependsOn: _, ...early } = filter;
    await expect(deploy({ ...Object.fromEntries(others), [filterId]: early })).rejects.toThrow(
      'permission',
    );
    const [[permissionId]] = others as [[string, Resource]];
    const [[, foreign]] = Object.entries(resources('/vpc/b')) as [[string, Resource]];
    await expect(deploy({ [filterId]: filter, [permissionId]: foreign })).rejects.toThrow(
      'permission',
    );
  });

  test('an environment above 4 KB', async () => {
    const lambda = (size: number): Resource => ({
      Type: 'AWS::Lambda::Function',
      Properties: { Environment: { Variables: { A: 'x'.repeat(size) } } },
    });
    await expect(deploy({ F: lambda(4_095) })).resolves.toBeUndefined();
    await expect(deploy({ F: lambda(4_096) })).rejects.toThrow('4KB');
  });
});
