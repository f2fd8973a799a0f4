import type { Outgoing } from '../channel.ts';

/** A POST of one JSON value. */
export function jsonPost(url: string, value: unknown): Outgoing {
  return {
    via: 'http',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  };
}
