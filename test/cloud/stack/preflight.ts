/**
 * What makes CloudFormation fail a deploy that the emulator would call a success, found in the
 * template itself.
 */
import { Refusal } from '../gateway/answer.ts';
import { matches } from '../gateway/policy.ts';
import type { Resource, Template } from './template.ts';

export interface Account {
  readonly id: string;
  readonly region: string;
  hasLogGroup(name: string): Promise<boolean>;
  /** Names of the group's filters that another owner made. */
  foreignFilters(group: string): readonly string[];
}

/** @throws Refusal in the words CloudFormation uses */
export async function preflight(template: Template, account: Account): Promise<void> {
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (resource.Type === 'AWS::Logs::SubscriptionFilter') {
      await checkFilter(id, resource, template, account);
    }
    if (resource.Type === 'AWS::Lambda::Function') checkEnvironment(id, resource);
  }
}

async function checkFilter(id: string, filter: Resource, template: Template, account: Account) {
  const group = String(filter.Properties?.LogGroupName);
  if (!(await account.hasLogGroup(group))) {
    fail(id, 'ResourceNotFoundException', `The specified log group does not exist. (${group})`);
  }
  if (account.foreignFilters(group).length >= 2) {
    fail(id, 'LimitExceededException', `Resource limit exceeded. (${group} has two filters)`);
  }
  const made = [filter.DependsOn ?? []].flat();
  const permitted = Object.entries(template.Resources).some(
    ([name, permission]) =>
      permission.Type === 'AWS::Lambda::Permission' &&
      made.includes(name) &&
      lets(permission, group, account),
  );
  if (!permitted) {
    fail(
      id,
      'InvalidParameterException',
      'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
    );
  }
}

function lets(permission: Resource, group: string, account: Account): boolean {
  const { Principal, SourceArn } = permission.Properties ?? {};
  const text =
    typeof SourceArn === 'string'
      ? SourceArn
      : String((SourceArn as Record<string, string>)['Fn::Sub']);
  const values: Record<string, string> = {
    'AWS::Partition': 'aws',
    'AWS::Region': account.region,
    'AWS::AccountId': account.id,
  };
  const pattern = text.replace(/\$\{([^}]+)\}/g, (_, name: string) => values[name] ?? '');
  const arn = `arn:aws:logs:${account.region}:${account.id}:log-group:${group}:*`;
  return Principal === 'logs.amazonaws.com' && matches(pattern, arn);
}

/** Lambda allows 4 KB of environment; a reference counts as the longest name it can stand for. */
function checkEnvironment(id: string, resource: Resource): void {
  const environment = resource.Properties?.Environment as { Variables?: object } | undefined;
  let size = 0;
  for (const [name, value] of Object.entries(environment?.Variables ?? {})) {
    size += Buffer.byteLength(name) + (typeof value === 'string' ? Buffer.byteLength(value) : 128);
  }
  if (size > 4_096) {
    fail(
      id,
      'InvalidParameterValueException',
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    );
  }
}

function fail(id: string, code: string, message: string): never {
  throw new Refusal(
    'ValidationError',
    `Resource handler returned message: "${message}" (${id}, HandlerErrorCode: ${code})`,
  );
}
