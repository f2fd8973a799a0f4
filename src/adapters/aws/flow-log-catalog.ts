import { DescribeFlowLogsCommand, type EC2Client, type FlowLog } from '@aws-sdk/client-ec2';
import type { DescribedFlowLogs, FlowLogCatalog, FlowLogFacts } from '../../ports/config-source.ts';

/** Errors by which EC2 says that the caller lacks the right. */
const DENIED: ReadonlySet<string> = new Set([
  'UnauthorizedOperation',
  'AccessDenied',
  'AccessDeniedException',
]);

/** The account's own flow logs that go to CloudWatch Logs. */
export class Ec2FlowLogCatalog implements FlowLogCatalog {
  readonly #client: EC2Client;

  constructor({ client }: { readonly client: EC2Client }) {
    this.#client = client;
  }

  /**
   * Every format of every log group, and how its flow logs were set up: several may write to one.
   * @throws Error when DescribeFlowLogs is refused, with the right it takes
   */
  async describe(): Promise<DescribedFlowLogs> {
    const formats = new Map<string, Set<string>>();
    const facts = new Map<string, FlowLogFacts>();
    for await (const flowLog of this.#flowLogs()) {
      const group = logGroupOf(flowLog);
      if (group === undefined) continue;
      facts.set(group, both(facts.get(group) ?? {}, factsOf(flowLog)));
      if (!flowLog.LogFormat) continue;
      formats.set(group, (formats.get(group) ?? new Set()).add(flowLog.LogFormat));
    }
    return {
      formats: sorted(formats, (of) => [...of].sort()),
      flowLogs: sorted(facts, (of) => of),
    };
  }

  async *#flowLogs(): AsyncGenerator<FlowLog> {
    let token: string | undefined;
    do {
      const page = await this.#page(token);
      yield* page.FlowLogs ?? [];
      token = page.NextToken;
    } while (token !== undefined && token !== '');
  }

  async #page(token: string | undefined) {
    try {
      const input = token === undefined ? {} : { NextToken: token };
      return await this.#client.send(new DescribeFlowLogsCommand(input));
    } catch (cause) {
      if (!(cause instanceof Error) || !DENIED.has(cause.name)) throw cause;
      const message =
        'The formats of flow logs cannot be read: allow ec2:DescribeFlowLogs, or give them in settings under formats';
      throw new Error(message, { cause });
    }
  }
}

function logGroupOf(flowLog: FlowLog): string | undefined {
  if ((flowLog.LogDestinationType ?? 'cloud-watch-logs') !== 'cloud-watch-logs') return undefined;
  if (flowLog.LogGroupName) return flowLog.LogGroupName;
  const arn = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(flowLog.LogDestination ?? '');
  return arn?.[1];
}

function factsOf({
  MaxAggregationInterval: interval,
  TrafficType: traffic,
}: FlowLog): FlowLogFacts {
  return {
    ...((interval === 60 || interval === 600) && { interval }),
    ...(traffic && { traffic }),
  };
}

/** Of two flow logs in one group: the coarser interval, and whatever either records. */
function both(a: FlowLogFacts, b: FlowLogFacts): FlowLogFacts {
  const interval = a.interval === 600 ? 600 : (b.interval ?? a.interval);
  const different = a.traffic && b.traffic && a.traffic !== b.traffic;
  const traffic = different ? 'ALL' : (a.traffic ?? b.traffic);
  return { ...(interval && { interval }), ...(traffic && { traffic }) };
}

/** Entries by name, so that an equal answer gives an equal snapshot. */
function sorted<T, U>(byGroup: ReadonlyMap<string, T>, read: (of: T) => U): Record<string, U> {
  const entries = [...byGroup].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([group, of]) => [group, read(of)]));
}
