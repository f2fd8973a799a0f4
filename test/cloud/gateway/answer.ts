import type { Call } from './call.ts';

/** What goes back to the caller. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An error that AWS would answer with. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

export const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The refusal in the protocol of the call. */
export function refuse(call: Call, refusal: Refusal): Answer {
  const { code, message, status } = refusal;
  const type = call.headers['content-type'] ?? '';
  if (type.includes('json') || call.service === 'lambda') {
    return json({ __type: code, message }, status, { 'x-amzn-errortype': code });
  }
  const error = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
  const text =
    call.service === 's3'
      ? `<?xml version="1.0"?><Error>${error}</Error>`
      : `<?xml version="1.0"?><ErrorResponse><Error><Type>Sender</Type>${error}</Error></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body: Buffer.from(text) };
}
