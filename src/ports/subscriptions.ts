/** Subscription filters, and who may start the function they lead to, in one region. */
import type { SubscriptionFilter } from './flow-log-inventory.ts';

/** A statement of a function's resource policy that lets CloudWatch Logs start it. */
export interface Permission {
  readonly id: string;
  /** ARN with wildcards of the log groups; absent: any. */
  readonly sourceArn?: string;
}

export interface FunctionPolicy {
  /** Only those for CloudWatch Logs. */
  readonly permissions: readonly Permission[];
  /** Of the whole policy; Lambda takes 20 KB. */
  readonly bytes: number;
}

export interface Subscriptions {
  policy(functionArn: string): Promise<FunctionPolicy>;
  /** Nothing happens where a statement of this id is there. */
  permit(
    functionArn: string,
    permission: { readonly id: string; readonly sourceArn: string; readonly account: string },
  ): Promise<void>;
  /** Nothing happens where there is no such statement. */
  withdraw(functionArn: string, permissionId: string): Promise<void>;
  /** Makes a filter, or puts it in place of the one of this name. @throws Error what AWS says */
  put(group: string, filter: SubscriptionFilter): Promise<void>;
  /** Nothing happens where there is no such filter or group. */
  remove(group: string, filterName: string): Promise<void>;
}
