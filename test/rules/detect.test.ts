import { describe, expect, test } from '@jest/globals';
import type { CompiledRule } from '../../src/rules/compiled.ts';
import { DETECT_KEYS } from '../../src/rules/detect-schema.ts';
import { compileText, printed } from './one-rule.ts';

const KINDS = DETECT_KEYS.join(', ');
const errors = (text: string) => printed(compileText(text).problems, 'error');
const warnings = (text: string) => printed(compileText(text).problems, 'warning');
const detecting = (detect: string, more = 'window: 5m') => `detect: ${detect}\n${more}`;

/** A rule without errors. */
function good(detect: string, more?: string): CompiledRule {
  const { compiled, problems } = compileText(detecting(detect, more));
  expect(printed(problems, 'error')).toEqual([]);
  return compiled as CompiledRule;
}

describe('every kind', () => {
  test.each([
    ['{ count: { above: "100" } }', { kind: 'count', above: 100 }],
    ['{ count: { above: 0, of: records } }', { kind: 'count', above: 0 }],
    ['{ count: { above: 5, of: connections } }', { kind: 'count', above: 5, of: 'connections' }],
    ['{ sum: { field: bytes, above: 1.5GB } }', { kind: 'sum', field: 'bytes', above: 1.5e9 }],
    [
      '{ distinct: { fields: [dstaddr, vpc-id], above: 25 } }',
      { kind: 'distinct', fields: ['dstaddr', 'vpc-id'], above: 25 },
    ],
    ['{ spike: {} }', { kind: 'spike', factor: 5, min: 100, baseline: 86_400 }],
    [
      '{ spike: { of: bytes, factor: 1.5, min: 1MB, baseline: 7d } }',
      { kind: 'spike', field: 'bytes', factor: 1.5, min: 1e6, baseline: 604_800 },
    ],
    ['{ beacon: { min: 3 } }', { kind: 'beacon', min: 3, jitter: 0.1 }],
    ['{ beacon: { min: 3, jitter: 2 } }', { kind: 'beacon', min: 3, jitter: 2 }],
    ['{ unanswered: {} }', { kind: 'unanswered', min: 3 }],
    [
      '{ visibility: { of: skipped, above: 0 } }',
      { kind: 'visibility', of: 'skipped', above: 0, min: 100 },
    ],
    [
      '{ visibility: { of: malformed, above: 1.5%, min: 10 } }',
      { kind: 'visibility', of: 'malformed', above: 0.015, min: 10 },
    ],
  ])('%s', (detect, wanted) => {
    const rule = good(detect);
    expect(rule.detect).toEqual(wanted);
    expect(rule).toMatchObject({ window: 300, resolve: true });
  });

  test('ratio has conditions, which are told apart by their place', () => {
    const ratio = (above: string) => `{ ratio: { of: { action: REJECT }, above: ${above} } }`;
    const leaf = { field: 'action', test: { in: { strings: ['REJECT'] } } };
    for (const half of ['0.5', '50%', '"50 %"', '"0.5"']) {
      expect(good(ratio(half)).detect).toEqual({
        kind: 'ratio',
        of: { ...leaf, path: 'detect.ratio.of.action' },
        above: 0.5,
        min: 100,
      });
    }
    expect(good(ratio('55.1%')).detect).toMatchObject({ above: 0.551 });
  });

  test('new has no window, learns a week, forgets after a month, and groups by what it looks at', () => {
    const rule = good('{ new: { fields: [srcaddr, dstport] } }', '');
    expect(rule.detect).toEqual({
      kind: 'new',
      fields: ['srcaddr', 'dstport'],
      learn: 604_800,
      forget: 2_592_000,
    });
    expect(rule.by).toEqual([
      { field: 'srcaddr', optional: false },
      { field: 'dstport', optional: false },
    ]);
    expect(rule).not.toHaveProperty('window');
    expect(
      good('{ new: { fields: [dstport, vpc-id], learn: 0 } }', 'by: [srcaddr, vpc-id?]').by,
    ).toEqual([
      { field: 'srcaddr', optional: false },
      { field: 'vpc-id', optional: false },
      { field: 'dstport', optional: false },
    ]);
  });

  test('absent has no window either', () => {
    const rule = good('{ absent: { for: 15m } }', 'by: [srcaddr]');
    expect(rule.detect).toEqual({ kind: 'absent', for: 900, seen: 3 });
    expect(rule).toMatchObject({ resolve: false });
    expect(good('{ absent: { for: 2m, seen: 1 } }', '').detect).toMatchObject({ for: 120 });
  });

  test('a sequence has steps of its own and steps of other rules', () => {
    const { compiled, reads, problems } = compileText(
      `match: { protocol: tcp }
detect:
  sequence:
    - match: { action: REJECT }
      above: 50
    - match: { action: ACCEPT }
      distinct: { fields: [dstport], above: 3 }
    - match: { dstport: 22 }
    - rule: other
by: [srcaddr]
window: 10m`,
    );
    expect(problems).toEqual([]);
    expect(compiled?.detect).toMatchObject({
      kind: 'sequence',
      steps: [
        { match: { path: 'detect.sequence[0].match.action' }, above: 50 },
        { match: { path: 'detect.sequence[1].match.action' }, above: 3, distinct: ['dstport'] },
        { match: { path: 'detect.sequence[2].match.dstport' }, above: 0 },
        { rule: 'other' },
      ],
    });
    expect(compiled?.match).toMatchObject({ path: 'match.protocol' });
    expect(reads).toEqual([{ rule: 'other', path: 'detect.sequence[3].rule', line: 9, column: 7 }]);
  });

  test('what is written in a step or a share stays as it is written', () => {
    const text = detecting(
      '{ ratio: { of: { srcport: 1, dstport: 2, action: REJECT }, above: 50% } }',
    );
    const again = compileText(JSON.stringify(compileText(text).document));
    expect(again.compiled).toEqual(compileText(text).compiled);
    const steps =
      '{ match: { srcport: 1, dstport: 2 } }, { match: { dstport: 3, action: ACCEPT } }';
    const sequence = detecting(`{ sequence: [${steps}] }`);
    expect(compileText(JSON.stringify(compileText(sequence).document)).compiled).toEqual(
      compileText(sequence).compiled,
    );
  });
});

describe('what is refused', () => {
  const above = 'a whole number, at least 0';
  const share = 'a share above 0 and below 1, like 0.5 or 50%';
  const of = 'of: { action: REJECT }';
  test.each([
    ['{}', `detect: has no kind; exactly one of ${KINDS} is wanted`],
    [
      '{ count: { above: 1 }, sum: { field: bytes, above: 1 } }',
      `detect: has both count and sum; exactly one of ${KINDS} is wanted`,
    ],
    [
      '{ cuont: { above: 1 } }',
      `detect.cuont: unknown key "cuont"; allowed: ${KINDS} (did you mean count?)`,
    ],
    ['{ count: { above: -1 } }', `detect.count.above: found -1; wanted: ${above}`],
    ['{ count: { above: 1.5 } }', `detect.count.above: found 1.5; wanted: ${above}`],
    ['{ count: {} }', 'detect.count.above: is missing; wanted: a whole number, at least 0'],
    ['{ count: 5 }', 'detect.count: found 5; wanted: a block with above, of'],
    [
      '{ count: { abvoe: 1, above: 1 } }',
      'detect.count.abvoe: unknown key "abvoe"; allowed: above, of (did you mean above?)',
    ],
    [
      '{ count: { above: 1, of: conections } }',
      'detect.count.of: found "conections"; wanted: one of records, connections (did you mean connections?)',
    ],
    [
      '{ count: { above: 10001, of: connections } }',
      'detect.count.above: found 10001; wanted: a whole number up to 10000 (each value is remembered until there are more)',
    ],
    ['{ sum: { field: packets, above: 1MB } }', `detect.sum.above: found "1MB"; wanted: ${above}`],
    [
      '{ sum: { field: srcaddr, above: 5 } }',
      'detect.sum.field: srcaddr is no number, so it has no sum',
    ],
    [
      '{ sum: { field: byts, above: 5 } }',
      'detect.sum.field: there is no field "byts" (did you mean bytes?)',
    ],
    [
      '{ distinct: { fields: dstport, above: 5 } }',
      'detect.distinct.fields: found "dstport"; wanted: a list, each item a field name (write [dstport])',
    ],
    [
      '{ distinct: { fields: [dstprt], above: 5 } }',
      'detect.distinct.fields[0]: there is no field "dstprt" (did you mean dstport?)',
    ],
    [
      '{ distinct: { fields: [dstport, dstport], above: 5 } }',
      'detect.distinct.fields[1]: dstport stands twice',
    ],
    [
      '{ distinct: { fields: [vpc-id?], above: 5 } }',
      'detect.distinct.fields[0]: there is no field "vpc-id?" (did you mean vpc-id?)',
    ],
    [`{ ratio: { ${of}, above: 0 } }`, `detect.ratio.above: found 0; wanted: ${share}`],
    [`{ ratio: { ${of}, above: 1 } }`, `detect.ratio.above: found 1; wanted: ${share}`],
    [`{ ratio: { ${of}, above: half } }`, `detect.ratio.above: found "half"; wanted: ${share}`],
    [
      `{ ratio: { ${of}, above: 50 } }`,
      `detect.ratio.above: found 50; wanted: ${share} (write 50% or 0.5)`,
    ],
    [
      `{ ratio: { ${of}, above: 0.5, min: 0 } }`,
      'detect.ratio.min: found 0; wanted: a whole number, at least 1',
    ],
    ['{ ratio: { above: 0.5 } }', 'detect.ratio.of: is missing; wanted: a block of conditions'],
    [
      '{ ratio: { of: { acton: REJECT }, above: 0.5 } }',
      'detect.ratio.of.acton: there is no field "acton" (did you mean action?)',
    ],
    [
      '{ ratio: { of: REJECT, above: 0.5 } }',
      'detect.ratio.of: found "REJECT"; a block of field: condition is wanted',
    ],
    [
      '{ spike: { of: cuont } }',
      'detect.spike.of: found "cuont"; wanted: count or a numeric field (did you mean count?)',
    ],
    [
      '{ spike: { of: records } }',
      'detect.spike.of: found "records"; wanted: count or a numeric field (did you mean count?)',
    ],
    ['{ spike: { of: srcaddr } }', 'detect.spike.of: srcaddr is no number, so it has no sum'],
    ['{ spike: { factor: 0 } }', 'detect.spike.factor: found 0; wanted: a number above 0'],
    ['{ spike: { min: 1MB } }', `detect.spike.min: found "1MB"; wanted: ${above}`],
    [
      '{ spike: { baseline: 9m } }',
      'detect.spike.baseline: 9m holds fewer than two windows of 5m to compare with (write at least 10m)',
    ],
    ['{ beacon: { min: 2 } }', 'detect.beacon.min: found 2; wanted: a whole number, at least 3'],
    [
      '{ beacon: { jitter: 0 } }',
      'detect.beacon.jitter: found 0; wanted: a number above 0, up to 2',
    ],
    [
      '{ beacon: { jitter: 2.1 } }',
      'detect.beacon.jitter: found 2.1; wanted: a number above 0, up to 2',
    ],
    [
      '{ beacon: }',
      'detect.beacon: found nothing (null); wanted: a block with min, jitter (write {} for the defaults)',
    ],
    [
      '{ unanswered: { min: 2.5 } }',
      'detect.unanswered.min: found 2.5; wanted: a whole number, at least 1',
    ],
    [
      '{ visibility: { of: skiped, above: 1% } }',
      'detect.visibility.of: found "skiped"; wanted: one of skipped, malformed (did you mean skipped?)',
    ],
    [
      '{ visibility: { of: skipped, above: 100% } }',
      'detect.visibility.above: found "100%"; wanted: a share from 0 and below 1, like 0.5 or 50%',
    ],
  ])('%s', (detect, message) => {
    expect(errors(detecting(detect))).toEqual([message]);
  });

  test.each([
    [
      '{ new: { fields: [srcaddr], forget: 59s } }',
      'by: [dstaddr]',
      /^detect\.new\.forget: 59s is shorter than a slot/,
    ],
    [
      '{ new: { fields: [srcaddr] } }',
      'by: [srcaddr, dstaddr]',
      /^detect\.new\.fields: by has srcaddr already, so nothing/,
    ],
    ['{ new: { fields: [srcaddr], lern: 1d } }', '', /did you mean learn\?/],
    [
      '{ absent: { for: 119s } }',
      '',
      /^detect\.absent\.for: 1m59s is less than two aggregation intervals/,
    ],
    [
      '{ absent: { for: 15m, seen: 0 } }',
      '',
      /^detect\.absent\.seen: found 0; wanted: a whole number, at least 1$/,
    ],
    ['{ absent: {} }', '', /^detect\.absent\.for: is missing; wanted: a duration/],
    [
      '{ distinct: { fields: [srcaddr], above: 5 } }',
      'by: [srcaddr]\nwindow: 5m',
      /^detect\.distinct\.fields: by has srcaddr already, so a group never has more/,
    ],
  ])('%s with %j', (detect, more, message) => {
    expect(errors(detecting(detect, more))).toEqual([expect.stringMatching(message)]);
  });

  test('a field that only stands beside those of by is counted', () => {
    expect(
      errors(
        detecting(
          '{ distinct: { fields: [srcaddr, dstport], above: 5 } }',
          'by: [srcaddr]\nwindow: 5m',
        ),
      ),
    ).toEqual([]);
  });
});

describe('a sequence', () => {
  const MATCHING = '{ match: { dstport: 22 } }';
  const steps = (...all: string[]) => errors(detecting(`{ sequence: [${all.join(', ')}] }`));

  test.each([
    ['{}', 'has neither of match and rule; exactly one is wanted'],
    ['{ above: 5 }', 'has neither of match and rule; exactly one is wanted'],
    ['{ match: { dstport: 1 }, rule: x }', 'has both of match and rule; exactly one is wanted'],
    [
      '{ match: { dstport: 1 }, above: 1, distinct: { fields: [srcport], above: 1 } }',
      'has both of above and distinct; one is enough (above stands inside distinct)',
    ],
  ])('a step %s is refused', (step, message) => {
    expect(steps(MATCHING, step)).toEqual([`detect.sequence[1]: ${message}`]);
  });

  test.each([
    [
      '{ rule: x, above: 5 }',
      '.above: above goes with match; of a rule its firings are what counts (put it into the rule x)',
    ],
    [
      '{ rule: x, distinct: { fields: [srcport], above: 5 } }',
      '.distinct: distinct goes with match; of a rule its firings are what counts (put it into the rule x)',
    ],
    [
      '{ rule: X_ }',
      '.rule: found "X_"; wanted: an id of up to 63 of a-z, 0-9 and -, the first no hyphen',
    ],
    [
      '{ match: { dsport: 1 } }',
      '.match.dsport: there is no field "dsport" (did you mean dstport?)',
    ],
    ['{ match: 5 }', '.match: found 5; a block of field: condition is wanted'],
    [
      '{ match: { dstport: 1 }, above: -1 }',
      '.above: found -1; wanted: a whole number, at least 0',
    ],
    [
      '{ match: { dstport: 1 }, distinct: 5 }',
      '.distinct: found 5; wanted: a block with fields, above',
    ],
    [
      '{ match: { dstport: 1 }, distinct: { fields: [srcport] } }',
      '.distinct.above: is missing; wanted: a whole number, at least 0',
    ],
    [
      '{ match: { dstport: 1 }, distinct: { fields: [scraddr], above: 1 } }',
      '.distinct.fields[0]: there is no field "scraddr" (did you mean srcaddr?)',
    ],
    [
      '{ macth: { dstport: 1 } }',
      '.macth: unknown key "macth"; allowed: match, above, distinct, rule (did you mean match?)',
    ],
  ])('a step %s is refused where it stands', (step, message) => {
    expect(steps(MATCHING, step)).toEqual([`detect.sequence[1]${message}`]);
  });

  test('has two to eight steps', () => {
    const wanted =
      'wanted: a list of 2 to 8 steps, each a block with match, above, distinct or rule';
    expect(steps(MATCHING)).toEqual([expect.stringContaining(wanted)]);
    expect(steps(...Array.from({ length: 9 }, () => MATCHING))).toEqual([
      expect.stringContaining(wanted),
    ]);
    expect(steps(...Array.from({ length: 8 }, () => MATCHING))).toEqual([]);
    expect(errors(detecting('{ sequence: { rule: x } }'))).toEqual([
      expect.stringContaining(wanted),
    ]);
  });

  test('that waits for rules alone has no use for a match, one with a match has', () => {
    const both = 'window: 5m\nmatch: { dstport: 22 }';
    expect(warnings(detecting('{ sequence: [{ rule: x }, { rule: y }] }', both))).toEqual([
      'match: every step waits for another rule, so these conditions are never asked (leave match out, or give a step a match)',
    ]);
    expect(warnings(detecting(`{ sequence: [{ rule: x }, ${MATCHING}] }`, both))).toEqual([]);
  });

  test('errors in its conditions do not hide those in the rest of the rule', () => {
    expect(
      errors(
        `severity: x\n${detecting('{ sequence: [{ match: { dsport: 1 } }, {}] }', 'by: [scraddr]\nwindow: 5m')}`,
      ),
    ).toHaveLength(4);
  });
});

describe('visibility', () => {
  test('takes neither match nor by', () => {
    expect(
      errors(
        detecting(
          '{ visibility: { of: skipped, above: 1% } }',
          'window: 5m\nmatch: { dstport: 1 }\nby: [srcaddr]',
        ),
      ),
    ).toEqual([
      'match: visibility counts every line of a source, so there is nothing to match (leave match out)',
      'by: visibility has one group for each source (leave by out)',
    ]);
  });

  test('has groups that are sources', () => {
    const withGroup = (group: string) =>
      errors(
        detecting(
          '{ visibility: { of: skipped, above: 1% } }',
          `window: 5m\ntests: [{ name: a, flows: [{ log-status: SKIPDATA }], expect: [${group}] }]`,
        ),
      );
    expect(withGroup('{ logGroup: /vpc }')).toEqual([]);
    expect(withGroup('{ file: test }')).toEqual([]);
    expect(withGroup('{ srcaddr: 10.0.0.1 }')).toEqual([
      expect.stringContaining('"srcaddr" is not in the group: by has logGroup, bucket, file'),
    ]);
  });
});

describe('windows', () => {
  const windows: Record<string, string> = {
    count: '{ above: 1 }',
    sum: '{ field: bytes, above: 1 }',
    distinct: '{ fields: [srcaddr], above: 1 }',
    ratio: '{ of: { dstport: 1 }, above: 1% }',
    spike: '{}',
    beacon: '{}',
    unanswered: '{}',
    sequence: '[{ rule: a }, { rule: b }]',
    visibility: '{ of: skipped, above: 1% }',
  };

  test.each(Object.entries(windows))('%s needs one', (kind, block) => {
    expect(errors(detecting(`{ ${kind}: ${block} }`, ''))).toEqual([
      `window: is missing; ${kind} needs a window (e.g. window: 5m)`,
    ]);
  });

  test('new, absent and rules without detect have none', () => {
    expect(errors(detecting('{ new: { fields: [srcaddr] } }'))).toEqual([
      'window: new has no window: what was seen is remembered for `forget` (leave window out)',
    ]);
    expect(errors(detecting('{ absent: { for: 15m } }'))).toEqual([
      'window: absent has no window: the time it waits is `for` (leave window out)',
    ]);
    expect(errors('match: { dstport: 22 }\nwindow: 5m')).toEqual([
      'window: a window without detect has no meaning (add detect, or leave window out: every matching record fires)',
    ]);
  });

  test('where the kind is not known nobody can say', () => {
    expect(errors('detect: { cuont: { above: 1 } }')).toEqual([
      expect.stringContaining('did you mean count?'),
    ]);
  });

  test('A window has two slots at least', () => {
    const windowed = (window: string) => detecting('{ count: { above: 1 } }', `window: ${window}`);
    expect(errors(windowed('60'))).toEqual([
      'window: 1m is less than two slots of one minute (write at least 2m)',
    ]);
    expect(errors(windowed('0'))).toHaveLength(1);
    expect(errors(windowed('61'))).toEqual([]);
  });

  test('A note says what the slots add up to, where that is more than asked', () => {
    const notes = (window: string) =>
      compileText(detecting('{ count: { above: 1 } }', `window: ${window}`)).notes;
    expect(notes('90s')).toEqual(['window 1m30s counts as 2m: 2 slots of 1m']);
    expect(notes('17m')).toEqual(['window 17m counts as 18m: 9 slots of 2m']);
    expect(notes('5m')).toEqual([]);
    expect(notes('1h')).toEqual([]);
  });

  test('A note says which rules need an aggregation interval of one minute', () => {
    const notes = (detect: string, more?: string) => compileText(detecting(detect, more)).notes;
    expect(notes('{ sum: { field: bytes, above: 1 } }')).toEqual([
      expect.stringContaining('needs flow logs with an aggregation interval of 1 minute: '),
    ]);
    expect(notes('{ sum: { field: bytes, above: 1 } }', 'window: 10m')).toEqual([]);
    expect(notes('{ absent: { for: 19m } }', '')).toHaveLength(1);
    expect(notes('{ absent: { for: 20m } }', '')).toEqual([]);
  });

  test('A beacon whose window is too short for one five-tuple gets a warning', () => {
    expect(warnings(detecting('{ beacon: {} }', 'window: 14m'))).toEqual([
      'window: a window of 14m holds 7 connections of one five-tuple, which are 2 minutes apart or more, and min is 8 (write a longer window)',
    ]);
    expect(warnings(detecting('{ beacon: {} }', 'window: 15m'))).toEqual([]);
  });

  test('A spike takes the effective window for what its baseline must hold', () => {
    const spike = (baseline: string) =>
      errors(detecting(`{ spike: { baseline: ${baseline} } }`, 'window: 17m'));
    expect(spike('35m')).toEqual([expect.stringContaining('windows of 18m')]);
    expect(spike('36m')).toEqual([]);
  });
});

describe('a rule that sums', () => {
  const publishing = (detect: string, field: string) =>
    errors(`match: { dstport: 22 }\n${detecting(detect)}\nmetric: { name: M, value: ${field} }`);
  const refused = [
    'metric.value: a rule that sums bytes cannot publish the sum of packets as well (sum bytes, or write a second rule)',
  ];

  test.each(['{ sum: { field: bytes, above: 1 } }', '{ spike: { of: bytes } }'])(
    '%s may publish the sum it decides on, and no other',
    (detect) => {
      expect(publishing(detect, 'bytes')).toEqual([]);
      expect(publishing(detect, 'packets')).toEqual(refused);
    },
  );

  test('one that counts may publish any', () => {
    expect(publishing('{ spike: {} }', 'packets')).toEqual([]);
    expect(publishing('{ count: { above: 1 } }', 'packets')).toEqual([]);
  });
});
