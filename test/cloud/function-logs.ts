import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';

interface Line {
  readonly stream: string;
  readonly timestamp: number;
  readonly message: string;
}

/** What the functions write, kept for the tests and stored in their log groups. */
export class FunctionLogs {
  readonly #logs: CloudWatchLogsClient;
  readonly #lines = new Map<string, string[]>();
  #unsent: (Line & { group: string })[] = [];
  readonly #streams = new Set<string>();

  constructor(logs: CloudWatchLogsClient) {
    this.#logs = logs;
  }

  readonly add = (functionName: string, stream: string, message: string): void => {
    const lines = this.#lines.get(functionName) ?? [];
    lines.push(message);
    this.#lines.set(functionName, lines);
    const group = `/aws/lambda/${functionName}`;
    this.#unsent.push({ group, stream, timestamp: Date.now(), message });
  };

  of(functionName: string): readonly string[] {
    return this.#lines.get(functionName) ?? [];
  }

  /** Stores what was written since the last time. */
  async flush(): Promise<void> {
    const lines = this.#unsent;
    this.#unsent = [];
    for (const [key, some] of Map.groupBy(lines, ({ group, stream }) => `${group}\n${stream}`)) {
      const [logGroupName, logStreamName] = key.split('\n');
      if (!this.#streams.has(key)) {
        await this.#logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
        this.#streams.add(key);
      }
      const logEvents = some.map(({ timestamp, message }) => ({ timestamp, message }));
      await this.#logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    }
  }
}
