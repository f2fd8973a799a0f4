import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, Refusal, refuse } from './answer.ts';
import { type Call, parseCall } from './call.ts';

/** Sees a call before the emulator: throws a Refusal, answers itself, or returns undefined. */
export type Before = (call: Call) => Promise<Answer | undefined> | Answer | undefined;
/** Sees what the emulator answered, and may answer otherwise. */
export type After = (
  call: Call,
  answer: Answer,
) => Promise<Answer | undefined> | Answer | undefined;

/**
 * The one AWS endpoint of a harness: stands in front of the emulator, refuses what AWS would
 * refuse, and does what the emulator cannot.
 */
export class Gateway {
  readonly before: Before[] = [];
  readonly after: After[] = [];
  readonly #emulator: URL;
  readonly #server: Server;

  private constructor(emulator: string) {
    this.#emulator = new URL(emulator);
    this.#server = createServer((incoming, outgoing) => {
      void this.#serve(incoming).then(
        ({ status, headers, body }) => {
          outgoing.writeHead(status, { ...headers, 'content-length': body.length });
          outgoing.end(incoming.method === 'HEAD' ? undefined : body);
        },
        (error: unknown) => {
          outgoing.writeHead(500, { 'content-type': 'text/plain' });
          outgoing.end(String(error));
        },
      );
    });
  }

  /** @param emulator address of the emulator, `http://127.0.0.1:PORT` */
  static async start(emulator: string): Promise<Gateway> {
    const gateway = new Gateway(emulator);
    await new Promise<void>((resolve) => gateway.#server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage): Promise<Answer> {
    const body = await bytes(incoming);
    const url = new URL(incoming.url ?? '/', this.endpoint);
    const call = parseCall(incoming.method ?? 'GET', url, incoming.headers, body);
    try {
      return await this.#answer(call);
    } catch (error) {
      if (error instanceof Refusal) return refuse(call, error);
      throw error;
    }
  }

  async #answer(call: Call): Promise<Answer> {
    for (const hook of this.before) {
      const answer = await hook(call);
      if (answer !== undefined) return answer;
    }
    let answer = await this.forward(call);
    for (const hook of this.after) answer = (await hook(call, answer)) ?? answer;
    return answer;
  }

  /** Hands a call to the emulator as it is, or with another body. */
  forward(call: Call, body: Buffer = call.body): Promise<Answer> {
    const headers = { ...call.headers, 'content-length': String(body.length) };
    const { hostname, port } = this.#emulator;
    const path = call.url.pathname + call.url.search;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { hostname, port, path, method: call.method, headers },
        (incoming) => {
          bytes(incoming).then(
            (received) =>
              resolve({
                status: incoming.statusCode ?? 500,
                headers: passedOn(incoming.headers),
                body: received,
              }),
            reject,
          );
        },
      );
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }
}

function passedOn(headers: IncomingMessage['headers']): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (['content-length', 'connection', 'transfer-encoding'].includes(name)) continue;
    kept[name] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return kept;
}

async function bytes(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
