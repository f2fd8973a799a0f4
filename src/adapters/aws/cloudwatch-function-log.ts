import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { FunctionLog, LogLine, LogQuery } from '../../ports/function-log.ts';
import { type PersonOptions, personConfig } from './person-config.ts';
import { asked, isMissing } from './refusal.ts';

interface FunctionLogOptions {
  readonly client: CloudWatchLogsClient;
  readonly stage: string;
}

/** The logs of a stage, for who is not one of its functions. */
export function deployedLog({
  stage,
  ...options
}: PersonOptions & { readonly stage: string }): FunctionLog {
  return new CloudWatchFunctionLog({
    client: new CloudWatchLogsClient(personConfig(options)),
    stage,
  });
}

/** Logs of Lambda functions by FilterLogEvents, which needs no index and is billed by nothing. */
class CloudWatchFunctionLog implements FunctionLog {
  readonly #client: CloudWatchLogsClient;
  readonly #stage: string;

  constructor({ client, stage }: FunctionLogOptions) {
    this.#client = client;
    this.#stage = stage;
  }

  async *lines({ function: name, since, words }: LogQuery): AsyncGenerator<readonly LogLine[]> {
    const logGroupName = `/aws/lambda/flowlog-alerts-${this.#stage}-${name}`;
    let nextToken: string | undefined;
    do {
      const command = new FilterLogEventsCommand({
        logGroupName,
        startTime: since,
        // A question mark before each term means any of them.
        filterPattern: words.map((word) => `?"${word}"`).join(' '),
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      try {
        const page = await asked(this.#client.send(command));
        yield (page.events ?? []).flatMap(({ timestamp = 0, message }) =>
          message === undefined ? [] : [{ at: timestamp, text: message }],
        );
        nextToken = page.nextToken;
      } catch (error) {
        if (isMissing(error)) return;
        throw error;
      }
    } while (nextToken !== undefined);
  }
}
