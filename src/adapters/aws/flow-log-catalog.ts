import { DescribeFlowLogsCommand, type EC2Client, type FlowLog } from '@aws-sdk/client-ec2';
import type { FlowLogCatalog } from '../../ports/config-source.ts';

/** Errors by which EC2 says that the caller lacks the right. */
const DENIED: ReadonlySet<string> = new Set([
  'UnauthorizedOperation',
  'AccessDenied',
  'AccessDeniedException',
]);

/** The account's own flow logs that go to CloudWatch Logs, with their formats. */
export class Ec2FlowLogCatalog implements FlowLogCatalog {
  readonly #client: EC2Client;

  constructor({ client }: { readonly client: EC2Client }) {
    this.#client = client;
  }

  /**
   * Every format of every log group: two flow logs may write to one group.
   * @throws Error when DescribeFlowLogs is refused, with the right it takes
   */
  async formats(): Promise<Record<string, string[]>> {
    const byGroup = new Map<string, Set<string>>();
    for await (const flowLog of this.#flowLogs()) {
      const group = logGroupOf(flowLog);
      if (group === undefined || !flowLog.LogFormat) continue;
      byGroup.set(group, (byGroup.get(group) ?? new Set()).add(flowLog.LogFormat));
    }
    const sorted = [...byGroup].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([group, formats]) => [group, [...formats].sort()]));
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
