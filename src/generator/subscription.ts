/** Lines as a CloudWatch Logs subscription hands them to a function. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { DEFAULT_LAYOUT, type Layout } from '../records/layout.ts';

export interface SubscriptionOptions {
  readonly logGroup: string;
  readonly logStream: string;
  /** Account of the log group. */
  readonly owner: string;
  readonly lines: Iterable<string>;
  /** Of the lines; tells where `start` stands. Default: version 2. */
  readonly layout?: Layout;
  /** Unix seconds for lines without a `start`. Default 0. */
  readonly time?: number;
}

/** The event of one delivery. Equal options give equal events, as a redelivery would. */
export function subscriptionEvent(options: SubscriptionOptions): { awslogs: { data: string } } {
  const { logGroup, logStream, owner, lines, layout = DEFAULT_LAYOUT, time = 0 } = options;
  const column = layout.fields.findIndex((field) => field.name === 'start');
  const logEvents = Array.from(lines, (message, index) => {
    const start = Number(message.split(/\s+/)[column] ?? Number.NaN);
    const timestamp = (Number.isNaN(start) ? time : start) * 1_000;
    return { id: eventId(timestamp, `${logStream} ${index} ${message}`), timestamp, message };
  });
  const payload = {
    messageType: 'DATA_MESSAGE',
    owner,
    logGroup,
    logStream,
    subscriptionFilters: ['flowlog-alerts'],
    logEvents,
  };
  return { awslogs: { data: gzipSync(JSON.stringify(payload)).toString('base64') } };
}

/** 56 digits, as CloudWatch's event ids are: by time first, then by content. */
function eventId(timestamp: number, content: string): string {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 32);
  const digits = BigInt(`0x${hash}`).toString().padStart(40, '0');
  return `3${String(timestamp).padStart(15, '0')}${digits.slice(-40)}`;
}
