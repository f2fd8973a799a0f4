import { gzipSync } from 'node:zlib';
import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import { ACCOUNT, type Clients, REGION } from './emulator.ts';
import { type Answer, json, Refusal } from './gateway/answer.ts';
import type { Call } from './gateway/call.ts';
import { matches } from './gateway/policy.ts';
import type { Runner } from './lambda/runner.ts';

interface Filter {
  readonly filterName: string;
  readonly logGroupName: string;
  readonly filterPattern: string;
  readonly destinationArn: string;
  readonly creationTime: number;
  readonly distribution: 'ByLogStream';
}

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** CloudWatch Logs' subscription filters: kept, checked and delivered here. */
export class Subscriptions {
  readonly #filters = new Map<string, Filter[]>();
  readonly #runner: Runner;
  readonly #aws: Clients;
  #nextId = 35_294_238_826_492_806_312_206_218_006_207_857_848_794_444_175_103_892_012n;

  constructor(runner: Runner, aws: Clients) {
    this.#runner = runner;
    this.#aws = aws;
  }

  of(group: string): readonly Filter[] {
    return this.#filters.get(group) ?? [];
  }

  put(group: string, name: string, destinationArn: string, pattern = ''): void {
    conditionsOf(pattern);
    const filter: Filter = {
      filterName: name,
      logGroupName: group,
      filterPattern: pattern,
      destinationArn,
      creationTime: Date.now(),
      distribution: 'ByLogStream',
    };
    const others = this.of(group).filter((one) => one.filterName !== name);
    if (others.length >= 2) throw new Refusal('LimitExceededException', 'Resource limit exceeded.');
    this.#filters.set(group, [...others, filter]);
  }

  remove(group: string, name: string): void {
    const kept = this.of(group).filter((one) => one.filterName !== name);
    if (kept.length === this.of(group).length) {
      throw new Refusal(
        'ResourceNotFoundException',
        'The specified subscription filter does not exist.',
      );
    }
    this.#filters.set(group, kept);
  }

  /** The API operations on filters. */
  readonly answer = async ({ service, action, input }: Call): Promise<Answer | undefined> => {
    if (service !== 'logs') return undefined;
    const group = String(input.logGroupName);
    if (action === 'DescribeSubscriptionFilters')
      return json({ subscriptionFilters: this.of(group) });
    if (action === 'DeleteSubscriptionFilter') {
      this.remove(group, String(input.filterName));
      return json({});
    }
    if (action !== 'PutSubscriptionFilter') return undefined;
    const destination = String(input.destinationArn);
    // The emulator itself writes to streams, with payloads of its own making.
    if (destination.startsWith('arn:aws:kinesis:')) return undefined;
    await this.#checkPermission(group, destination);
    this.put(group, String(input.filterName), destination, String(input.filterPattern ?? ''));
    return json({});
  };

  /** After log events were stored: to every filter of their group. */
  readonly deliver = ({ service, action, input }: Call, { status }: Answer): undefined => {
    if (service !== 'logs' || action !== 'PutLogEvents' || status !== 200) return;
    const group = String(input.logGroupName);
    for (const filter of this.of(group)) {
      const events = (input.logEvents as LogEvent[]).filter(({ message }) =>
        passes(filter.filterPattern, message),
      );
      if (events.length === 0) continue;
      const stream = String(input.logStreamName);
      const payload = this.payload(group, stream, events, filter.filterName);
      this.#runner.invokeAsync(filter.destinationArn, { awslogs: { data: packed(payload) } });
    }
  };

  payload(group: string, stream: string, events: readonly LogEvent[], filterName: string) {
    return {
      messageType: 'DATA_MESSAGE',
      owner: ACCOUNT,
      logGroup: group,
      logStream: stream,
      subscriptionFilters: [filterName],
      logEvents: events.map(({ timestamp, message }) => ({
        id: String(this.#nextId++).padStart(56, '3'),
        timestamp,
        message,
      })),
    };
  }

  async #checkPermission(group: string, functionArn: string): Promise<void> {
    const arn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}:*`;
    const { Policy = '{}' } = await this.#aws.lambda
      .send(new GetPolicyCommand({ FunctionName: functionArn }))
      .catch(() => ({ Policy: '{}' }));
    const { Statement = [] } = JSON.parse(Policy) as { Statement?: PermissionStatement[] };
    const permitted = Statement.some(
      ({ Principal, Condition }) =>
        Principal.Service === 'logs.amazonaws.com' &&
        matches(Condition?.ArnLike?.['AWS:SourceArn'] ?? '*', arn),
    );
    if (!permitted) {
      throw new Refusal(
        'InvalidParameterException',
        'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
      );
    }
  }
}

interface PermissionStatement {
  readonly Principal: { readonly Service?: string };
  readonly Condition?: { readonly ArnLike?: Readonly<Record<string, string>> };
}

/**
 * What a space-delimited pattern asks of each field: the only value it may have, or nothing.
 * @returns undefined for a pattern that passes everything on
 */
function conditionsOf(pattern: string): (string | undefined)[] | undefined {
  if (pattern === '') return undefined;
  const inner = /^\[(.*)\]$/.exec(pattern)?.[1];
  return (inner ?? pattern).split(',').map((part) => {
    const [, value] = /^\s*[a-z_]+(?:="([^"]*)")?\s*$/.exec(part) ?? refuse(pattern);
    return value;
  });
}

function refuse(pattern: string): never {
  throw new Error(`The harness does not know such a filter pattern: ${pattern}`);
}

function passes(pattern: string, message: string): boolean {
  const conditions = conditionsOf(pattern);
  if (conditions === undefined) return true;
  const fields = message.split(' ');
  if (fields.length !== conditions.length) return false;
  return conditions.every((value, index) => value === undefined || value === fields[index]);
}

/** A subscription payload as it travels: base64 of gzip of JSON. */
export function packed(payload: unknown): string {
  return gzipSync(JSON.stringify(payload)).toString('base64');
}
