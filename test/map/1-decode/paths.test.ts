import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scanPayload } from '../../../src/map/1-decode/event-scanner.ts';
import { batchIdentity } from '../../../src/map/1-decode/identity.ts';
import { linesOfEvents } from '../../../src/map/1-decode/subscription.ts';
import { dataOf, type LogEvent, linesIn, payloadOf } from './payloads.ts';

/** What the payload's JSON says, by the plainest way there is. */
function expected(payload: Buffer) {
  const { owner, logGroup, logStream, logEvents } = JSON.parse(payload.toString());
  const { lines, ids } = linesOfEvents(logEvents);
  return {
    identity: batchIdentity(owner, logGroup, logStream, ids),
    lines: linesIn(lines),
    times: [...(lines.times ?? [])].slice(0, lines.count),
    faults: lines.faults,
  };
}

function found(payload: Buffer) {
  const { identity, lines } = dataOf(payload);
  const times = [...(lines.times ?? [])].slice(0, lines.count);
  return { identity, lines: linesIn(lines), times, faults: lines.faults };
}

/** Text with what could mislead a scanner: braces, brackets, commas, the names it looks for. */
const tricky = fc
  .array(
    fc.constantFrom(
      '}',
      '{',
      ']',
      '[',
      ',',
      ':',
      '},',
      '{"id":"',
      'id',
      'message',
      'logEvents',
      ' ',
      'a',
      'é',
      '熊',
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
const withoutEscapes = fc.oneof(
  fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/["\\]/g, '')),
  tricky.map((text) => text.replaceAll('"', '')),
);
const withEscapes = fc.oneof(
  { weight: 3, arbitrary: withoutEscapes },
  tricky,
  fc.string({ unit: 'binary', maxLength: 20 }),
);

const id = fc.oneof(fc.stringMatching(/^[0-9]{56}$/), fc.stringMatching(/^[0-9a-f]{0,60}$/));
const timestamp = fc.oneof(
  fc.integer({ min: 1e12, max: 2e12 }),
  fc.constantFrom<unknown>(
    0,
    5,
    -5,
    1.5,
    1_700_000_000_000.5,
    1e21,
    null,
    '1,2',
    '1700000000000',
    true,
    [1, 2],
  ),
);

function eventWith(text: fc.Arbitrary<string>): fc.Arbitrary<LogEvent> {
  const more = fc.dictionary(
    fc.oneof(fc.constantFrom('extractedFields', 'ids', 'messages', 'x'), text),
    fc.oneof(
      text,
      fc.nat(),
      fc.boolean(),
      fc.dictionary(text, fc.oneof(text, fc.nat(), fc.dictionary(text, text, { maxKeys: 2 })), {
        maxKeys: 3,
      }),
    ),
    { maxKeys: 2, noNullPrototype: true },
  );
  const usual = fc.record({ id, timestamp: fc.integer({ min: 1e12, max: 2e12 }), message: text });
  const shuffled = fc
    .tuple(fc.record({ id, timestamp, message: text }), more, fc.nat())
    .map(([own, extra, seed]) => {
      const entries = Object.entries({ ...extra, ...own });
      const turn = seed % entries.length;
      return Object.fromEntries([...entries.slice(turn), ...entries.slice(0, turn)]);
    });
  const poor = fc.record(
    { id, timestamp, message: fc.oneof(text, fc.nat()) },
    { requiredKeys: [] },
  );
  return fc.oneof({ weight: 4, arbitrary: usual }, { weight: 3, arbitrary: shuffled }, poor);
}

const head = fc.record(
  {
    policyLevel: fc.constantFrom('ACCOUNT_LEVEL_POLICY', 'UNKNOWN'),
    subscriptionFilters: fc.array(tricky, { maxLength: 2 }),
    logGroup: fc.oneof(fc.constant('g'), tricky),
    logStream: tricky,
    extra: fc.oneof(tricky, fc.dictionary(tricky, tricky, { noNullPrototype: true })),
    nested: fc.record({ logEvents: fc.array(eventWith(tricky), { maxLength: 2 }) }),
  },
  { requiredKeys: [] },
);

/** Half of them plain, so that the fast way is taken often whatever else is drawn. */
const anyHead = fc.oneof(fc.constant({}), head);

describe('both ways of reading a payload', () => {
  test.each([
    ['plain text', withoutEscapes],
    ['text with escapes', withEscapes],
  ])('give the same lines, times, faults and name: %s', (_, text) => {
    let fast = 0;
    fc.assert(
      fc.property(fc.array(eventWith(text), { maxLength: 5 }), anyHead, (events, more) => {
        const payload = payloadOf(events, more);
        if (scanPayload(payload)) fast++;
        expect(found(payload)).toEqual(expected(payload));
      }),
      { numRuns: 2000 },
    );
    expect(fast).toBeGreaterThan(50);
  });

  test('keys after the events are read as well', () => {
    fc.assert(
      fc.property(
        fc.array(eventWith(withoutEscapes), { maxLength: 4 }),
        head,
        (logEvents, more) => {
          const payload = Buffer.from(
            JSON.stringify({
              logEvents,
              messageType: 'DATA_MESSAGE',
              owner: '1',
              logGroup: 'g',
              logStream: 's',
              ...more,
            }),
          );
          expect(found(payload)).toEqual(expected(payload));
        },
      ),
      { numRuns: 500 },
    );
  });
});
