/** Follows a test flow from function to function; knows no AWS client and no clock of its own. */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { TEST_INTERFACE, TEST_LOG_GROUP } from '../config/system-rules.ts';
import type { Ingested } from '../map/ingest.ts';
import type { DeliveryKey, DeliveryRow } from '../ports/delivery-book.ts';

/** What a test alert asks of a deployment. */
export interface Deployment {
  /** The stack's outputs and account. @throws DeploymentError when there is no such stack */
  outputs(): Promise<Readonly<Record<string, string>>>;
  hasSnapshot(bucket: string): Promise<boolean>;
  /** The function's answer. @throws DeploymentError with its error */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  hasDigest(table: string, digest: Ingested['digests'][number]): Promise<boolean>;
  /** Log lines since a time (Unix ms) that have the term. */
  logLines(logGroup: string, since: number, term: string): Promise<string[]>;
  /** What became of a notification on a channel; undefined where nobody has tried. */
  delivery(table: string, key: DeliveryKey): Promise<DeliveryRow | undefined>;
}

/** What a deployment answered instead of doing as asked; the message is for a person. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

export interface Hop {
  readonly hop: 'stack' | 'rules' | 'logs' | 'digest' | 'alert' | 'deliver';
  readonly ok: boolean;
  /** Since the command began. */
  readonly seconds: number;
  readonly detail: string;
  /** What to look at where a hop is missing. */
  readonly advice?: string;
}

export interface TestAlertOptions {
  readonly stage: string;
  /** Longest time for everything, milliseconds. */
  readonly wait: number;
  /** The channel to follow the alert to. */
  readonly channel?: string;
  /** Names this test: the group of its alert. */
  readonly srcport: number;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly stop: AbortSignal;
}

/** Between two looks, milliseconds. */
const PAUSE = 1_000;
/** How far a function's clock may be behind this machine's, milliseconds. */
const CLOCK_SKEW = 60_000;

/** The hops in their order, the first missing one last. */
export async function* followTestAlert(
  deployment: Deployment,
  options: TestAlertOptions,
): AsyncGenerator<Hop> {
  const began = options.now();
  const hop = (name: Hop['hop'], ok: boolean, detail: string, advice?: string): Hop => ({
    hop: name,
    ok,
    seconds: (options.now() - began) / 1000,
    detail,
    ...(advice === undefined ? {} : { advice }),
  });
  const until = async <T>(look: () => Promise<T | undefined>): Promise<T | undefined> => {
    for (;;) {
      const found = await look();
      if (found !== undefined || options.stop.aborted) return found;
      if (options.now() - began + PAUSE > options.wait) return undefined;
      await options.sleep(PAUSE);
    }
  };
  const reduceLogs = `/aws/lambda/flowlog-alerts-${options.stage}-reduce`;
  const logsLogs = `/aws/lambda/flowlog-alerts-${options.stage}-logs`;
  const deliverLogs = `/aws/lambda/flowlog-alerts-${options.stage}-deliver`;
  let name: Hop['hop'] = 'stack';
  try {
    const outputs = await deployment.outputs();
    const { DigestTableName: table, LogsFunctionArn: logs, StateBucketName: bucket } = outputs;
    yield hop('stack', true, `flowlog-alerts-${options.stage}`);

    name = 'rules';
    if (await deployment.hasSnapshot(bucket)) yield hop(name, true, 'published');
    else {
      const reconcile = `flowlog-alerts-${options.stage}-reconcile`;
      await deployment.invoke(reconcile, { Records: [{ messageId: 'test-alert', body: '{}' }] });
      if (!(await deployment.hasSnapshot(bucket))) {
        yield hop(
          name,
          false,
          'not published',
          lookAt(`/aws/lambda/${reconcile}`, 'why reconcile publishes none'),
        );
        return;
      }
      yield hop(name, true, 'were not published yet; invoked reconcile, now they are');
    }

    name = 'logs';
    // A warm function may hold the rules of half a minute ago, so an answer without digest is no end yet.
    let last: Ingested | undefined;
    const sent = await until(async () => {
      [last] = answersOf(await deployment.invoke(logs, testEvent(outputs.Account ?? '', options)));
      return last?.digests[0];
    });
    if (options.stop.aborted) return;
    if (sent === undefined) {
      yield hop(name, false, whyNoDigest(last), lookAt(logsLogs, 'whether it reads the rules'));
      return;
    }
    yield hop(name, true, 'accepted 1 record');

    name = 'digest';
    const stored = await until(async () =>
      (await deployment.hasDigest(table, sent)) ? true : undefined,
    );
    if (options.stop.aborted) return;
    if (!stored) {
      yield hop(
        name,
        false,
        `not in table ${table}`,
        lookAt(logsLogs, 'why the digest was not put'),
      );
      return;
    }
    yield hop(name, true, `in table ${table}`);

    name = 'alert';
    const term = String(options.srcport);
    const published = await until(async () => {
      const lines = await deployment.logLines(reduceLogs, began - CLOCK_SKEW, term);
      return lines.map((line) => publicationOf(line, options.srcport)).find(Boolean);
    });
    if (options.stop.aborted) return;
    if (published === undefined) {
      yield hop(
        name,
        false,
        `not in ${reduceLogs}`,
        lookAt(reduceLogs, 'whether it runs and what it says'),
      );
      return;
    }
    yield hop(name, true, `published to ${outputs.AlertTopicArn}, ${published.called}`);
    const { channel } = options;
    if (channel === undefined) return;

    name = 'deliver';
    const { DeliveryTableName: deliveries } = outputs;
    if (deliveries === undefined) {
      yield hop(
        name,
        false,
        'the stack has no output DeliveryTableName: deploy this version first',
      );
      return;
    }
    const key = { id: published.id, order: published.seq, channel };
    let row: DeliveryRow | undefined;
    const ended = await until(async () => {
      row = await deployment.delivery(deliveries, key);
      return row?.state === 'delivered' || row?.state === 'parked' ? row : undefined;
    });
    if (options.stop.aborted) return;
    if (ended?.state === 'delivered') {
      yield hop(name, true, `delivered to the channel ${channel}`);
      return;
    }
    yield hop(
      name,
      false,
      whyNotDelivered(channel, row),
      row === undefined
        ? lookAt(deliverLogs, 'whether it runs and what it says')
        : `Try the channel by itself: flowlog-alerts channels test ${channel} --stage ${options.stage}`,
    );
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    const group = {
      stack: undefined,
      rules: undefined,
      logs: logsLogs,
      digest: logsLogs,
      alert: reduceLogs,
      deliver: deliverLogs,
    }[name];
    yield hop(name, false, error.message, group && lookAt(group, 'its last error'));
  }
}

function lookAt(logGroup: string, what: string): string {
  return `Look in the log group ${logGroup} for ${what}: aws logs tail ${logGroup} --since 10m`;
}

/** A subscription payload with one flow of now. */
function testEvent(account: string, { srcport, channel, now }: TestAlertOptions): unknown {
  const time = now();
  const start = Math.floor(time / 1000);
  const owner = /^\d{12}$/.test(account) ? account : '000000000000';
  const message = `2 ${owner} ${TEST_INTERFACE} 10.0.0.1 10.0.0.2 ${srcport} 443 6 1 40 ${start} ${start} ACCEPT OK`;
  const payload = {
    messageType: 'DATA_MESSAGE',
    owner,
    logGroup: channel === undefined ? TEST_LOG_GROUP : `${TEST_LOG_GROUP}/${channel}`,
    logStream: 'test-alert',
    subscriptionFilters: ['flowlog-alerts-test-alert'],
    logEvents: [{ id: eventId(), timestamp: time, message }],
  };
  return { awslogs: { data: gzipSync(JSON.stringify(payload)).toString('base64') } };
}

/** 56 decimal digits, as CloudWatch Logs names events. */
function eventId(): string {
  return BigInt(`0x${randomBytes(24).toString('hex')}`)
    .toString()
    .slice(0, 56)
    .padStart(56, '3');
}

function answersOf(answer: unknown): Ingested[] {
  const answers = (Array.isArray(answer) ? answer : [answer]) as Partial<Ingested>[];
  return answers.map((one) => ({
    records: one?.records ?? 0,
    malformed: one?.malformed ?? 0,
    digests: one?.digests ?? [],
  }));
}

function whyNoDigest(answer: Ingested | undefined): string {
  if (answer && answer.malformed > 0) {
    return `the test flow is malformed there: the settings give ${TEST_LOG_GROUP} another format than the default one`;
  }
  return answer && answer.records > 0
    ? 'accepted, but the rule test-alert did not match: its rules are of another version'
    : 'not accepted';
}

function whyNotDelivered(channel: string, row: DeliveryRow | undefined): string {
  if (row === undefined) return `deliver has not tried the channel ${channel}`;
  const reason = row.reason === undefined ? '' : `: ${row.reason}`;
  return row.state === 'parked'
    ? `not delivered to the channel ${channel}${reason}`
    : `not delivered to the channel ${channel} yet${reason}`;
}

interface Publication {
  readonly id: string;
  readonly seq: number;
  /** For a person: the SNS message, else the alert's own id. */
  readonly called: string;
}

/** What a log line tells of this test's alert, where it does. */
function publicationOf(line: string, srcport: number): Publication | undefined {
  try {
    const entry = JSON.parse(line.slice(line.indexOf('{'))) as NotificationLine;
    if (entry.event !== 'notification' || entry.sent === false) return undefined;
    if (entry.alert?.group?.srcport !== srcport) return undefined;
    const { id = '', seq = 0, messageId } = entry;
    return {
      id,
      seq,
      called: messageId === undefined ? `alert ${id}` : `SNS message ${messageId}`,
    };
  } catch {
    // Lambda's own lines are no JSON.
    return undefined;
  }
}

interface NotificationLine {
  readonly event?: string;
  readonly sent?: boolean;
  readonly id?: string;
  readonly seq?: number;
  readonly messageId?: string;
  readonly alert?: { readonly group?: { readonly srcport?: unknown } };
}
