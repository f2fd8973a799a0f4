/** What an account logs of its networks in one region, and where to. */

export type FlowLogDestination =
  | {
      readonly kind: 'log-group';
      readonly group: string;
      /** Of the log group, where the flow log says. */
      readonly account?: string;
    }
  | { readonly kind: 's3' | 'firehose'; readonly arn: string };

export interface FlowLog {
  readonly id: string;
  /** VPC, subnet, interface or transit gateway. */
  readonly resource: string;
  readonly destination: FlowLogDestination;
  /** LogFormat; empty where AWS does not say. */
  readonly format: string;
  /** Aggregation in seconds. */
  readonly interval?: 60 | 600;
  /** Flow logs of transit gateways do not say. */
  readonly traffic?: 'ACCEPT' | 'REJECT' | 'ALL';
  /** Why AWS does not deliver it, in its words; absent where it does. */
  readonly failure?: string;
  /** Role that delivers into a log group. */
  readonly role?: string;
}

export interface Vpc {
  readonly id: string;
  /** Its Name tag. */
  readonly name?: string;
  readonly cidr: string;
}

export interface Subnet {
  readonly id: string;
  readonly vpc: string;
}

export interface Interface {
  readonly id: string;
  readonly subnet: string;
  readonly vpc: string;
}

export interface Network {
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
}

export interface SubscriptionFilter {
  readonly name: string;
  /** Empty: everything. */
  readonly pattern: string;
  /** ARN. */
  readonly destination: string;
}

export interface LogGroup {
  readonly name: string;
  /** `STANDARD`, `INFREQUENT_ACCESS`, `DELIVERY` or what AWS adds. */
  readonly logClass: string;
  /** Absent: events are kept for ever. */
  readonly retentionDays?: number;
  readonly filters: readonly SubscriptionFilter[];
}

/** Reads only. Every method throws what AWS says when it refuses. */
export interface FlowLogInventory {
  flowLogs(): Promise<FlowLog[]>;
  network(): Promise<Network>;
  /** Those of the interfaces that exist. */
  interfaces(ids: readonly string[]): Promise<Interface[]>;
  /** Whether a VPC has any network interface: without one it has no traffic. */
  isUsed(vpc: string): Promise<boolean>;
  /** Undefined where there is none of this name. */
  group(name: string): Promise<LogGroup | undefined>;
  /** Names of all log groups of the region. */
  groupNames(): Promise<string[]>;
  /** When the newest event of a group was taken in, Unix ms; undefined where there is none. */
  lastEvent(group: string): Promise<number | undefined>;
}
