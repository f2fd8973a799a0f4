import fc from 'fast-check';
import type { Alert, RecordMap } from '../../../src/alerts/alert.ts';
import { alertLinks } from '../../../src/alerts/links.ts';
import { SEVERITIES } from '../../../src/rules/compiled.ts';

/** Texts that break out of something somewhere, and texts that are merely too long. */
const FRAGMENTS = [
  '<!channel>',
  '```',
  '`$(reboot)`',
  "'; reboot; '",
  '**bold**',
  '[x](https://evil.example)',
  '\u202e\u200b\u0007\n\r\t',
  '&&&&<<<<>>>>',
  '{{ssm:x}}',
  '\ud800',
  '𝒳'.repeat(80),
  '漢'.repeat(400),
  '"\\'.repeat(300),
  '&'.repeat(2_000),
  'a'.repeat(9_000),
];

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 4 }).map((parts) => parts.join(' ')),
);

const value = fc.oneof(text, fc.integer(), fc.double({ noNaN: true }), fc.ipV4(), fc.ipV6());

const FIELDS = [
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'action',
  'start',
  'bytes',
  'packets',
  'interface-id',
  'instance-id',
  'tcp-flags',
  'traffic',
  'some-new-field',
];

const record = fc.dictionary(fc.constantFrom(...FIELDS), value, {
  maxKeys: 14,
}) as fc.Arbitrary<RecordMap>;
const time = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const amount = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e18, noNaN: true }));
const web = fc.oneof(
  fc.webUrl(),
  fc.nat(9_000).map((length) => `https://example.com/${'x'.repeat(length)}`),
  text,
);

/** Any alert of the JSON form, as strangers and colleagues might fill it. */
export const hostileAlert: fc.Arbitrary<Alert> = fc
  .record({
    type: fc.constantFrom('alert', 'summary', 'test', 'service'),
    stage: fc.constantFrom('dev', 'prod', 'a-rather-long-stage-name'),
    id: fc.string({
      unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
      minLength: 26,
      maxLength: 26,
    }),
    seq: fc.nat(),
    status: fc.constantFrom('firing', 'updated', 'resolved'),
    rule: fc.record(
      {
        id: text,
        title: text,
        severity: fc.constantFrom(...SEVERITIES),
        tags: fc.array(fc.oneof(text, fc.constantFrom('attack.t1046', 'attack.t1021.004')), {
          maxLength: 60,
        }),
        runbook: web,
        references: fc.array(web, { maxLength: 20 }),
      },
      { requiredKeys: ['id', 'title', 'severity', 'tags', 'references'] },
    ),
    group: record,
    window: fc.record({ start: time, end: time }),
    firstSeen: time,
    lastSeen: time,
    detectedAt: time,
    value: amount,
    threshold: amount,
    measure: fc.oneof(
      fc.constantFrom('records', 'bytes', 'silence', 'share', 'distinct dstport'),
      text,
    ),
    suppressed: fc.nat(),
    message: text,
    evidence: fc.record({
      records: fc.nat(),
      bytes: amount,
      packets: fc.nat(),
      samples: fc.array(record, { maxLength: 40 }),
      top: fc.dictionary(text, fc.array(fc.tuple(text, fc.nat()), { maxLength: 20 }), {
        maxKeys: 20,
      }),
      series: fc.record({
        start: time,
        slot: fc.integer({ min: 1, max: 3_600 }),
        values: fc.array(fc.nat(), { maxLength: 500 }),
      }),
    }),
    sources: fc.array(
      fc.record({
        account: fc.constant('123456789012'),
        region: fc.constantFrom('eu-west-1', 'cn-north-1'),
        logGroup: text,
        records: fc.nat(),
      }),
      { maxLength: 5 },
    ),
    visibility: fc.record({
      skipped: fc.double({ min: 0, max: 1, noNaN: true }),
      malformed: fc.constant(0),
      lagSeconds: fc.nat(),
      covered: fc.boolean(),
    }),
    context: fc.record(
      {
        src: fc.record({ name: text, kind: text, 'instance-id': text }),
        dst: fc.oneof(text, fc.constant(null)),
        alarm: fc.record({
          state: fc.constantFrom('ALARM', 'OK', 'INSUFFICIENT_DATA', 'odd'),
          reason: text,
          metric: text,
        }),
      },
      { requiredKeys: [] },
    ),
    links: fc.record({ insights: web, console: web }, { requiredKeys: [] }),
  })
  .map((alert) => ({
    version: 1,
    ...alert,
    links: Object.keys(alert.links).length > 0 ? alert.links : alertLinks(alert),
    to: [],
  })) as fc.Arbitrary<Alert>;
