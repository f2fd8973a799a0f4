import {
  CloudWatchLogsClient,
  DeleteSubscriptionFilterCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  AddPermissionCommand,
  GetPolicyCommand,
  LambdaClient,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import type { SubscriptionFilter } from '../../ports/flow-log-inventory.ts';
import type { FunctionPolicy, Permission, Subscriptions } from '../../ports/subscriptions.ts';
import { type PersonOptions, personConfig } from './person-config.ts';

interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Principal?: string | { readonly Service?: string | readonly string[] };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Filters of log groups and the policy of the function they lead to. */
export class AwsSubscriptions implements Subscriptions {
  readonly #logs: CloudWatchLogsClient;
  readonly #lambda: LambdaClient;

  constructor(options: PersonOptions) {
    this.#logs = new CloudWatchLogsClient(personConfig(options));
    this.#lambda = new LambdaClient(personConfig(options));
  }

  async policy(functionArn: string): Promise<FunctionPolicy> {
    try {
      const { Policy = '{}' } = await this.#lambda.send(
        new GetPolicyCommand({ FunctionName: functionArn }),
      );
      const { Statement = [] } = JSON.parse(Policy) as { Statement?: Statement[] };
      return { permissions: Statement.flatMap(permissionOf), bytes: Buffer.byteLength(Policy) };
    } catch (error) {
      // A function without any statement has no policy, and says so in the same way as a missing one.
      if ((error as Error).name !== 'ResourceNotFoundException') throw error;
      return { permissions: [], bytes: 0 };
    }
  }

  async permit(
    functionArn: string,
    { id, sourceArn, account }: Parameters<Subscriptions['permit']>[1],
  ): Promise<void> {
    const { permissions } = await this.policy(functionArn);
    if (permissions.some((one) => one.id === id)) return;
    const command = new AddPermissionCommand({
      FunctionName: functionArn,
      StatementId: id,
      Action: 'lambda:InvokeFunction',
      Principal: 'logs.amazonaws.com',
      SourceArn: sourceArn,
      SourceAccount: account,
    });
    await unless('ResourceConflictException', this.#lambda.send(command));
  }

  async withdraw(functionArn: string, permissionId: string): Promise<void> {
    const command = new RemovePermissionCommand({
      FunctionName: functionArn,
      StatementId: permissionId,
    });
    await unless('ResourceNotFoundException', this.#lambda.send(command));
  }

  async put(group: string, { name, pattern, destination }: SubscriptionFilter): Promise<void> {
    await this.#logs.send(
      new PutSubscriptionFilterCommand({
        logGroupName: group,
        filterName: name,
        filterPattern: pattern,
        destinationArn: destination,
      }),
    );
  }

  async remove(group: string, filterName: string): Promise<void> {
    const command = new DeleteSubscriptionFilterCommand({ logGroupName: group, filterName });
    await unless('ResourceNotFoundException', this.#logs.send(command));
  }
}

async function unless(name: string, answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if ((error as Error).name !== name) throw error;
  }
}

function permissionOf({ Sid, Effect, Action, Principal, Condition = {} }: Statement): Permission[] {
  const services = typeof Principal === 'object' ? [Principal.Service ?? []].flat() : [];
  // Once there was one principal a region: logs.eu-west-1.amazonaws.com.
  const logs = services.some((name) => /^logs\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?$/.test(name));
  const invoke = [Action ?? []].flat().some((name) => /^lambda:(InvokeFunction|\*)$/.test(name));
  if (Sid === undefined || Effect !== 'Allow' || !logs || !invoke) return [];
  for (const keys of Object.values(Condition)) {
    for (const [key, value] of Object.entries(keys)) {
      if (key.toLowerCase() === 'aws:sourcearn') return [{ id: Sid, sourceArn: value }];
    }
  }
  return [{ id: Sid }];
}
