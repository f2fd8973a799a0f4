import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsCall, type RawRequest, recognise } from './call.ts';
import { refusal } from './refusal.ts';

/**
 * What happens to a request:
 * `pass` goes through; `fail-before` breaks the connection and nothing has happened; `fail-after`
 * lets it happen and breaks the connection instead of answering; `throttle`, `unavailable` (503)
 * and `deny` (AccessDenied) answer with that error and nothing has happened; `hang` never answers
 * and nothing has happened; `{ delay }` passes it after so many milliseconds.
 */
export type Fate =
  | 'pass'
  | 'fail-before'
  | 'fail-after'
  | 'throttle'
  | 'unavailable'
  | 'deny'
  | 'hang'
  | { readonly delay: number };

export interface ProxiedCall extends AwsCall {
  /** The body as sent. */
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
}

export interface FaultProxy {
  readonly endpoint: string;
  /** Every attempt so far, in the order of arrival: a client's own retries count one by one. */
  calls(): { readonly service: string; readonly operation: string; readonly resource?: string }[];
  /**
   * Decides each call's fate from now on. May wait: what it awaits happens while the call is held,
   * so a test can let another writer go first.
   */
  onCall(decide: (call: ProxiedCall) => Fate | Promise<Fate>): void;
  /** Forgets the calls and lets everything pass again. */
  clear(): void;
  stop(): Promise<void>;
}

/** Starts a proxy before `target` (`http://HOST:PORT`) that passes everything until told. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const upstream = new URL(target);
  const agent = new Agent({ keepAlive: true });
  let calls: AwsCall[] = [];
  let decide: (call: ProxiedCall) => Fate | Promise<Fate> = () => 'pass';

  const server = createServer((incoming, answer) => {
    handle(incoming, answer).catch(() => answer.destroy());
  });

  async function handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = incoming;
    const raw: RawRequest = { method, url, headers, body: await drain(incoming) };
    const call = recognise(raw);
    calls.push(call);
    const fate = await decide({ ...call, body: raw.body, headers });
    if (fate === 'hang') return;
    if (fate === 'fail-before') return void answer.destroy();
    if (fate === 'throttle' || fate === 'unavailable' || fate === 'deny') {
      const { status, headers: named, body } = refusal(call, fate);
      return void answer.writeHead(status, named).end(method === 'HEAD' ? '' : body);
    }
    if (typeof fate === 'object') await sleep(fate.delay);
    const response = await forward(raw);
    const body = await drain(response);
    if (fate === 'fail-after') return void answer.destroy();
    answer.writeHead(response.statusCode ?? 502, endToEnd(response.headers)).end(body);
  }

  function forward(raw: RawRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = upstream;
      const headers = { ...endToEnd(raw.headers), 'content-length': raw.body.length };
      const { method, url: path } = raw;
      send({ hostname, port, agent, method, path, headers }, resolve)
        .once('error', reject)
        .end(raw.body);
    });
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');

  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    calls: () =>
      calls.map(({ service, operation, resource }) => ({
        service,
        operation,
        ...(resource === undefined ? {} : { resource }),
      })),
    onCall(next) {
      decide = next;
    },
    clear() {
      calls = [];
      decide = () => 'pass';
    },
    async stop() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Calls each fate in turn for the calls that `matches` names, then lets everything pass. */
export function inTurn(
  matches: (call: ProxiedCall) => boolean,
  ...fates: readonly Fate[]
): (call: ProxiedCall) => Fate {
  const left = [...fates];
  return (call) => (matches(call) ? (left.shift() ?? 'pass') : 'pass');
}

async function drain(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Without the headers that speak of one connection only; each side frames its own. */
function endToEnd(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) kept[name] = value;
  }
  return kept;
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'expect', 'te']);
