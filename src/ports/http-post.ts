/** Posts to a receiver in the internet. */

export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Its beginning: a receiver's own words about what was wrong. */
  readonly body: string;
  /** The header Retry-After, as it came. */
  readonly retryAfter?: string;
}

export interface HttpPost {
  /** @throws Error when there is no answer */
  post(request: HttpRequest): Promise<HttpAnswer>;
}
