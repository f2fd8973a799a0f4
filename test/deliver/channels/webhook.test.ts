import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { render } from '../../../src/deliver/channels/render.ts';
import { signature } from '../../../src/deliver/channels/webhook.ts';
import { aFullAlert, CHANNELS, CONTEXT, sent } from './contexts.ts';

describe('a webhook', () => {
  test('gets the JSON of the alert itself', () => {
    expect(sent(aFullAlert(), CHANNELS.webhook)).toEqual(aFullAlert());
  });

  test('is signed over the time and the body, as its receiver can compute', () => {
    const outgoing = render(aFullAlert(), CHANNELS.webhook, CONTEXT);
    if (outgoing.via !== 'http') throw new Error(outgoing.via);
    const header = outgoing.headers['x-flowlog-alerts-signature'];
    const [, time, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
    expect(Number(time)).toBe(Math.floor(CONTEXT.now / 1_000));
    const expected = createHmac('sha256', CHANNELS.webhook.secret)
      .update(`${time}.${outgoing.body}`)
      .digest('hex');
    expect(hex).toBe(expected);
  });

  test('the signature is the one that a known key, time and body have', () => {
    // printf '1700000000.{}' | openssl dgst -sha256 -hmac key
    expect(signature('{}', 'key', 1_700_000_000)).toBe(
      't=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae',
    );
  });

  test('another body, secret or second has another signature', () => {
    const signed = signature('{}', 'key', 1);
    for (const other of [
      signature('{ }', 'key', 1),
      signature('{}', 'kez', 1),
      signature('{}', 'key', 2),
    ]) {
      expect(other.split(',')[1]).not.toBe(signed.split(',')[1]);
    }
  });

  test('one notification has one key, however often it is sent', () => {
    const keyOf = (seq: number, now = CONTEXT.now): string => {
      const outgoing = render(aFullAlert({ seq }), CHANNELS.webhook, { ...CONTEXT, now });
      return outgoing.via === 'http' ? outgoing.headers['idempotency-key'] : '';
    };
    expect(keyOf(0)).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZ-0');
    expect(keyOf(0, CONTEXT.now + 60_000)).toBe(keyOf(0));
    expect(keyOf(1)).not.toBe(keyOf(0));
  });
});
