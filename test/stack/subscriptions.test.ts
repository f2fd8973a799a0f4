import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_OWN_PERMISSIONS, subscriptionResources } from '../../config/subscriptions.js';

interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

const made = (groups: readonly string[]) =>
  subscriptionResources(groups, 'dev') as Record<string, Resource>;
const ofType = (resources: Record<string, Resource>, type: string) =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);
const FILTER = 'AWS::Logs::SubscriptionFilter';
const PERMISSION = 'AWS::Lambda::Permission';
const many = (count: number) => Array.from({ length: count }, (_, index) => `/vpc/${index}`);

describe('Subscriptions to flow-log groups', () => {
  test('no groups make no resources', () => {
    expect(made([])).toEqual({});
  });

  test('each group has a filter, and a permission for that group in this account', () => {
    const resources = made(['/vpc/a']);
    const [[permissionId, permission]] = ofType(resources, PERMISSION) as [[string, Resource]];
    const [[, filter]] = ofType(resources, FILTER) as [[string, Resource]];
    expect(permission.Properties).toMatchObject({
      Principal: 'logs.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
      SourceArn: {
        'Fn::Sub': expect.stringMatching(
          /^arn:\$\{AWS::Partition\}:logs:.*:log-group:\/vpc\/a:\*$/,
        ),
      },
    });
    expect(filter.DependsOn).toEqual([permissionId]);
    expect(filter.Properties).toMatchObject({ LogGroupName: '/vpc/a', FilterPattern: '' });
  });

  test('up to the limit each group has its own permission, above it all share one', () => {
    expect(ofType(made(many(MAX_OWN_PERMISSIONS)), PERMISSION)).toHaveLength(MAX_OWN_PERMISSIONS);
    const resources = made(many(MAX_OWN_PERMISSIONS + 1));
    const permissions = ofType(resources, PERMISSION);
    expect(permissions.map(([id]) => id)).toEqual(['FlowLogsPermission']);
    expect(permissions[0]?.[1].Properties).toMatchObject({
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
    for (const [, filter] of ofType(resources, FILTER)) {
      expect(filter.DependsOn).toEqual(['FlowLogsPermission']);
    }
  });

  test('a group keeps its resources whatever else is in the list', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_./#-]{1,40}$/);
    fc.assert(
      fc.property(
        name,
        fc.uniqueArray(name, { maxLength: MAX_OWN_PERMISSIONS - 1 }),
        (group, more) => {
          const alone = made([group]);
          const among = made([...new Set([...more, group])]);
          expect(among).toMatchObject(alone);
        },
      ),
    );
  });

  test('two groups never share a logical id', () => {
    expect(ofType(made(many(200)), FILTER)).toHaveLength(200);
    expect(Object.keys(made(['/vpc/a', '/vpc-a', '/vpc_a']))).toHaveLength(6);
  });
});
