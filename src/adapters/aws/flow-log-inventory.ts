import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DescribeSubscriptionFiltersCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeFlowLogsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRegionsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type FlowLog as Ec2FlowLog,
} from '@aws-sdk/client-ec2';
import type {
  FlowLog,
  FlowLogDestination,
  FlowLogInventory,
  Interface,
  LogGroup,
  Network,
  SubscriptionFilter,
} from '../../ports/flow-log-inventory.ts';
import { type PersonOptions, personConfig } from './person-config.ts';

/** Interfaces in one call by id. */
const IDS_AT_ONCE = 100;
/** The least that DescribeNetworkInterfaces takes as a page. */
const SMALLEST_PAGE = 5;

/** What one account has in one region, read through EC2 and CloudWatch Logs. */
export class AwsFlowLogInventory implements FlowLogInventory {
  readonly #ec2: EC2Client;
  readonly #logs: CloudWatchLogsClient;

  constructor(options: PersonOptions) {
    this.#ec2 = new EC2Client(personConfig(options));
    this.#logs = new CloudWatchLogsClient(personConfig(options));
  }

  async flowLogs(): Promise<FlowLog[]> {
    const found: FlowLog[] = [];
    for await (const page of pages((NextToken) =>
      this.#ec2.send(new DescribeFlowLogsCommand(NextToken === undefined ? {} : { NextToken })),
    )) {
      found.push(...(page.FlowLogs ?? []).flatMap(flowLogOf));
    }
    return found.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async network(): Promise<Network> {
    const vpcs: Network['vpcs'][number][] = [];
    const subnets: Network['subnets'][number][] = [];
    for await (const { Vpcs = [] } of pages((NextToken) =>
      this.#ec2.send(new DescribeVpcsCommand(NextToken === undefined ? {} : { NextToken })),
    )) {
      for (const { VpcId = '', CidrBlock = '', Tags = [] } of Vpcs) {
        const name = Tags.find(({ Key }) => Key === 'Name')?.Value;
        vpcs.push({ id: VpcId, cidr: CidrBlock, ...(name && { name }) });
      }
    }
    for await (const { Subnets = [] } of pages((NextToken) =>
      this.#ec2.send(new DescribeSubnetsCommand(NextToken === undefined ? {} : { NextToken })),
    )) {
      for (const { SubnetId = '', VpcId = '' } of Subnets) {
        subnets.push({ id: SubnetId, vpc: VpcId });
      }
    }
    return { vpcs, subnets };
  }

  async interfaces(ids: readonly string[]): Promise<Interface[]> {
    const found: Interface[] = [];
    for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
      // By a filter: an interface that is gone would fail a call by ids.
      const Values = ids.slice(from, from + IDS_AT_ONCE);
      const Filters = [{ Name: 'network-interface-id', Values }];
      for await (const { NetworkInterfaces = [] } of pages((NextToken) =>
        this.#ec2.send(
          new DescribeNetworkInterfacesCommand({
            Filters,
            ...(NextToken !== undefined && { NextToken }),
          }),
        ),
      )) {
        for (const { NetworkInterfaceId = '', SubnetId = '', VpcId = '' } of NetworkInterfaces) {
          found.push({ id: NetworkInterfaceId, subnet: SubnetId, vpc: VpcId });
        }
      }
    }
    return found;
  }

  async isUsed(vpc: string): Promise<boolean> {
    const { NetworkInterfaces = [] } = await this.#ec2.send(
      new DescribeNetworkInterfacesCommand({
        Filters: [{ Name: 'vpc-id', Values: [vpc] }],
        MaxResults: SMALLEST_PAGE,
      }),
    );
    return NetworkInterfaces.length > 0;
  }

  async group(name: string): Promise<LogGroup | undefined> {
    // Prefixes come in order, so that the name itself is the first.
    const { logGroups = [] } = await this.#logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 }),
    );
    const found = logGroups.find(({ logGroupName }) => logGroupName === name);
    if (found === undefined) return undefined;
    const { logGroupClass = 'STANDARD', retentionInDays } = found;
    // Other classes have no filters, and refuse to be asked for them.
    const filters = logGroupClass === 'STANDARD' ? await this.#filters(name) : [];
    return {
      name,
      logClass: logGroupClass,
      ...(retentionInDays !== undefined && { retentionDays: retentionInDays }),
      filters,
    };
  }

  async groupNames(): Promise<string[]> {
    const names: string[] = [];
    for await (const { logGroups = [] } of pages((nextToken) =>
      this.#logs.send(new DescribeLogGroupsCommand(nextToken === undefined ? {} : { nextToken })),
    )) {
      for (const { logGroupName } of logGroups) if (logGroupName) names.push(logGroupName);
    }
    return names;
  }

  async lastEvent(group: string): Promise<number | undefined> {
    const { logStreams = [] } = await this.#logs.send(
      new DescribeLogStreamsCommand({
        logGroupName: group,
        orderBy: 'LastEventTime',
        descending: true,
        limit: 1,
      }),
    );
    const [newest] = logStreams;
    return newest?.lastIngestionTime ?? newest?.lastEventTimestamp;
  }

  async #filters(logGroupName: string): Promise<SubscriptionFilter[]> {
    const { subscriptionFilters = [] } = await this.#logs.send(
      new DescribeSubscriptionFiltersCommand({ logGroupName }),
    );
    return subscriptionFilters.map(({ filterName, filterPattern, destinationArn }) => ({
      name: filterName ?? '',
      pattern: filterPattern ?? '',
      destination: destinationArn ?? '',
    }));
  }
}

/** Names of the regions that the account uses. */
export async function enabledRegions(options: PersonOptions): Promise<string[]> {
  const client = new EC2Client(personConfig(options));
  const { Regions = [] } = await client.send(new DescribeRegionsCommand({}));
  return Regions.flatMap(({ RegionName }) => RegionName ?? []).sort();
}

/** The region that a profile or the environment gives where none is named. */
export async function regionFor(options: PersonOptions): Promise<string> {
  return new EC2Client(personConfig(options)).config.region();
}

/** Pages until there is no token; an empty page may have another one after it. */
async function* pages<T extends { NextToken?: string | undefined; nextToken?: string | undefined }>(
  ask: (token: string | undefined) => Promise<T>,
): AsyncGenerator<T> {
  let token: string | undefined;
  do {
    const page = await ask(token);
    yield page;
    token = page.NextToken ?? page.nextToken;
  } while (token !== undefined && token !== '');
}

function flowLogOf(flowLog: Ec2FlowLog): FlowLog[] {
  const { FlowLogId, ResourceId, LogFormat, MaxAggregationInterval, TrafficType } = flowLog;
  const destination = destinationOf(flowLog);
  if (FlowLogId === undefined || destination === undefined) return [];
  const interval = MaxAggregationInterval;
  const failed = flowLog.DeliverLogsStatus === 'FAILED';
  return [
    {
      id: FlowLogId,
      resource: ResourceId ?? '',
      destination,
      format: LogFormat ?? '',
      ...((interval === 60 || interval === 600) && { interval }),
      ...(TrafficType && { traffic: TrafficType }),
      ...(failed && { failure: flowLog.DeliverLogsErrorMessage ?? 'no reason given' }),
      ...(flowLog.DeliverLogsPermissionArn && { role: flowLog.DeliverLogsPermissionArn }),
    },
  ];
}

function destinationOf({
  LogDestinationType: type = 'cloud-watch-logs',
  LogDestination: arn = '',
  LogGroupName: name,
}: Ec2FlowLog): FlowLogDestination | undefined {
  if (type === 's3') return { kind: 's3', arn };
  if (type === 'kinesis-data-firehose') return { kind: 'firehose', arn };
  const parts = /^arn:[^:]+:logs:[^:]*:([^:]*):log-group:([^:]+)/.exec(arn);
  const group = name ?? parts?.[2];
  if (group === undefined) return undefined;
  return { kind: 'log-group', group, ...(parts?.[1] && { account: parts[1] }) };
}
