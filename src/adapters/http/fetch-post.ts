import type { HttpAnswer, HttpPost, HttpRequest } from '../../ports/http-post.ts';

/** The whole of a post, connecting and reading included. */
const TIMEOUT_MS = 10_000;
/** Of an answer, what a log line has room for. */
const LARGEST_BODY_BYTES = 1_024;
const MOST_REDIRECTS = 3;
/** Redirects that keep the method. */
const FOLLOWED = new Set([307, 308]);
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

export interface FetchPostOptions {
  readonly timeoutMs?: number;
}

/**
 * Posts by HTTPS; plain HTTP only to this machine. A redirect is followed within its host alone:
 * what it would carry elsewhere is a secret. Errors say what happened, never where.
 */
export class FetchPost implements HttpPost {
  readonly #timeoutMs: number;

  constructor({ timeoutMs = TIMEOUT_MS }: FetchPostOptions = {}) {
    this.#timeoutMs = timeoutMs;
  }

  async post({ url, headers, body }: HttpRequest): Promise<HttpAnswer> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    let target = safeUrl(url);
    try {
      for (let redirects = 0; ; redirects++) {
        const answer = await fetch(target, {
          method: 'POST',
          // A connection kept while the function is frozen would be dead when it wakes.
          headers: { 'user-agent': 'flowlog-alerts', connection: 'close', ...headers },
          body,
          redirect: 'manual',
          signal,
        });
        const next = redirects < MOST_REDIRECTS ? redirectOf(answer, target) : undefined;
        if (next === undefined) return await read(answer);
        await answer.body?.cancel();
        target = next;
      }
    } catch (error) {
      throw new Error(this.#told(error));
    }
  }

  /** The SDK of fetch wraps the cause and quotes addresses; its code says enough. */
  #told(error: unknown): string {
    const { name, cause } = error as Error;
    if (name === 'TimeoutError') return `none within ${this.#timeoutMs / 1000} s`;
    const { code, message } = (cause ?? error) as { code?: string; message?: string };
    return code ?? message ?? 'the connection failed';
  }
}

function safeUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url) throw new Error('its address is no URL');
  if (url.protocol === 'https:') return url;
  if (url.protocol === 'http:' && LOOPBACK.test(url.hostname)) return url;
  throw new Error('its address is not https');
}

function redirectOf({ status, headers }: Response, from: URL): URL | undefined {
  const location = headers.get('location');
  if (!FOLLOWED.has(status) || location === null) return undefined;
  const to = URL.parse(location, from.href);
  return to?.origin === from.origin ? to : undefined;
}

async function read(answer: Response): Promise<HttpAnswer> {
  const retryAfter = answer.headers.get('retry-after');
  return {
    status: answer.status,
    body: await beginning(answer.body),
    ...(retryAfter !== null && { retryAfter }),
  };
}

async function beginning(stream: ReadableStream<Uint8Array> | null): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  if (stream !== null) {
    // Leaving the loop cancels the stream: the rest is not read.
    for await (const piece of stream) {
      pieces.push(piece);
      length += piece.length;
      if (length >= LARGEST_BODY_BYTES) break;
    }
  }
  const bytes = Buffer.concat(pieces).subarray(0, LARGEST_BODY_BYTES);
  return bytes.toString('utf8').replace(/\ufffd$/, '');
}
