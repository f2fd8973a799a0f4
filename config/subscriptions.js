/**
 * One subscription filter and one Lambda permission for each flow-log group.
 *
 * Logical ids follow from the group's name alone: a redeploy with other groups in the list, or in
 * another order, never replaces a filter or permission that stays. While either is missing,
 * CloudWatch Logs switches the filter off for minutes and skips what arrives.
 */
import { createHash } from 'node:crypto';
/** Above so many groups one permission for all: a function's policy holds only 20 KB. */
export const MAX_OWN_PERMISSIONS = 20;

const idOf = (group) => createHash('sha256').update(group).digest('hex').slice(0, 16);

const permission = (logGroupArn) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: { Ref: 'LogsLambdaFunction' },
    Action: 'lambda:InvokeFunction',
    Principal: 'logs.amazonaws.com',
    SourceAccount: { Ref: 'AWS::AccountId' },
    SourceArn: {
      'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:${logGroupArn}`,
    },
  },
});

const filter = (group, stage, permissionId) => ({
  Type: 'AWS::Logs::SubscriptionFilter',
  DependsOn: [permissionId],
  Properties: {
    LogGroupName: group,
    FilterName: `flowlog-alerts-${stage}`,
    FilterPattern: '',
    DestinationArn: { 'Fn::GetAtt': ['LogsLambdaFunction', 'Arn'] },
  },
});

/**
 * @param {readonly string[]} groups names of log groups
 * @param {string} stage
 * @returns CloudFormation resources by logical id
 */
export function subscriptionResources(groups, stage) {
  const resources = {};
  const shared = groups.length > MAX_OWN_PERMISSIONS;
  if (shared) resources.FlowLogsPermission = permission('log-group:*');
  for (const group of groups) {
    const id = idOf(group);
    const permissionId = shared ? 'FlowLogsPermission' : `FlowLogPermission${id}`;
    if (!shared) resources[permissionId] = permission(`log-group:${group}:*`);
    resources[`FlowLogFilter${id}`] = filter(group, stage, permissionId);
  }
  return resources;
}

export default async function subscriptions({ resolveVariable }) {
  const { logGroups } = await resolveVariable('self:custom.params');
  return { Resources: subscriptionResources(logGroups, await resolveVariable('sls:stage')) };
}
