/** A receiver of webhooks on this machine that behaves as badly as it is told. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Behaviour =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  | 'never'
  | 'reset'
  /** Answers, and then does not end. */
  | 'endless';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export class ReceiverServer {
  readonly received: Received[] = [];
  behaviour: (path: string) => Behaviour = () => ({ status: 200, body: 'ok' });
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (incoming, answer) => {
      let body = '';
      for await (const piece of incoming) body += piece;
      const path = incoming.url ?? '';
      this.received.push({ path, headers: incoming.headers, body });
      const behaviour = this.behaviour(path);
      if (behaviour === 'never') return;
      if (behaviour === 'reset') return void incoming.socket.resetAndDestroy();
      if (behaviour === 'endless') {
        answer.writeHead(500);
        return void answer.write('x'.repeat(5_000));
      }
      answer.writeHead(behaviour.status, behaviour.headers ?? {}).end(behaviour.body ?? '');
    });
  }

  static async start(): Promise<ReceiverServer> {
    const receiver = new ReceiverServer();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
