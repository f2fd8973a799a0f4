import type { AwsCall } from './call.ts';

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Kind = 'throttle' | 'unavailable' | 'deny';

/** An AWS error as the service of the call words it. */
export function refusal(call: AwsCall, kind: Kind): Refusal {
  const code = codeOf(call, kind);
  const status = statusOf(call, kind);
  const message = `${code} by the fault proxy`;
  switch (call.protocol) {
    case 'json':
    case 'rest-json':
      return {
        status,
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code },
        body: JSON.stringify({ __type: `com.amazonaws#${code}`, message }),
      };
    case 'query':
      return {
        status,
        headers: { 'content-type': 'text/xml' },
        body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>0</RequestId></ErrorResponse>`,
      };
    case 'rest-xml':
      return {
        status,
        headers: { 'content-type': 'application/xml' },
        body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
      };
    case 'cbor':
      // The body alone names a CBOR error, so the client judges this one by its status.
      return { status: kind === 'deny' ? 403 : 503, headers: {}, body: '' };
  }
}

function codeOf(call: AwsCall, kind: Kind): string {
  if (kind === 'deny') return call.service === 'sns' ? 'AuthorizationError' : 'AccessDenied';
  if (kind === 'unavailable') return 'ServiceUnavailable';
  if (call.protocol === 'rest-xml') return 'SlowDown';
  return call.protocol === 'query' ? 'Throttling' : 'ThrottlingException';
}

function statusOf(call: AwsCall, kind: Kind): number {
  if (kind === 'deny') return call.protocol === 'json' ? 400 : 403;
  if (kind === 'unavailable' || call.protocol === 'rest-xml') return 503;
  return 400;
}
