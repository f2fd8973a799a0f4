import {
  type CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  type FilteredLogEvent,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent, LogEventPage, LogEvents } from '../../ports/log-events.ts';
import { Refusal } from '../../ports/refusal.ts';
import { asked, isMissing } from './refusal.ts';

/** Most events a page may have. */
const PAGE = 10_000;

export class CloudWatchLogEvents implements LogEvents {
  readonly #client: CloudWatchLogsClient;

  constructor({ client }: { readonly client: CloudWatchLogsClient }) {
    this.#client = client;
  }

  async owner(
    group: string,
  ): Promise<{ readonly account?: string; readonly region: string } | undefined> {
    const region = await this.#client.config.region();
    let nextToken: string | undefined;
    do {
      const command = new DescribeLogGroupsCommand({
        logGroupNamePrefix: group,
        ...(nextToken !== undefined && { nextToken }),
      });
      try {
        const page = await asked(this.#client.send(command));
        const found = page.logGroups?.find(({ logGroupName }) => logGroupName === group);
        const account = found?.arn?.split(':')[4];
        if (found) return { region, ...(account && { account }) };
        nextToken = page.nextToken;
      } catch (error) {
        // Reading its events is another right, and tells whether it exists.
        if (error instanceof Refusal && error.reason === 'denied') return { region };
        throw error;
      }
    } while (nextToken !== undefined);
    return undefined;
  }

  async page(
    group: string,
    [from, until]: readonly [from: number, until: number],
    next?: string,
  ): Promise<LogEventPage> {
    const command = new FilterLogEventsCommand({
      logGroupName: group,
      startTime: from,
      // Events of this millisecond are among those that come.
      endTime: until - 1,
      limit: PAGE,
      ...(next !== undefined && { nextToken: next }),
    });
    try {
      const { events = [], nextToken } = await asked(this.#client.send(command));
      return {
        events: events.flatMap(eventOf),
        ...(nextToken !== undefined && { next: nextToken }),
      };
    } catch (cause) {
      if (isMissing(cause))
        throw new Refusal('invalid', `there is no log group ${group}`, { cause });
      if (cause instanceof Refusal && cause.reason === 'denied') {
        const needed = 'allow logs:FilterLogEvents on it';
        throw new Refusal('denied', `CloudWatch Logs refuses ${group}: ${needed}`, { cause });
      }
      throw cause;
    }
  }
}

function eventOf({ eventId, logStreamName, timestamp, message }: FilteredLogEvent): LogEvent[] {
  if (eventId === undefined || timestamp === undefined || message === undefined) return [];
  return [{ id: eventId, stream: logStreamName ?? '', timestamp, message }];
}
