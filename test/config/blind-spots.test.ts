import { describe, expect, test } from '@jest/globals';
import { blindSpots } from '../../src/config/blind-spots.ts';
import type { FlowLogFacts } from '../../src/ports/config-source.ts';
import { DEFAULT_FORMAT } from '../../src/records/layout.ts';
import { compiled } from './trees.ts';

const FLAGS = 'match: { tcp-flags: { has: [syn] } }';
const TRANSIT = '${tgw-id} ${srcaddr} ${dstaddr} ${start} ${log-status}';

interface Case {
  readonly rules: Readonly<Record<string, string>>;
  readonly format?: string | readonly string[];
  readonly facts?: FlowLogFacts;
}

/** Lines told of the group. */
function told({ rules, format, facts }: Case): string[] {
  const documents = Object.entries(rules).map(([id, text]) => [`rules/${id}`, text]);
  const { snapshot, problems } = compiled(Object.fromEntries(documents), {
    formats: format === undefined ? {} : { g: [format].flat() },
    flowLogs: facts ? { g: facts } : {},
  });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return [...(blindSpots(snapshot).get('log group g')?.lines.slice(1) ?? [])];
}

const lacks = (fields: string, rules: string) =>
  `  its format lacks ${fields}, so ${rules} cannot fire; a format cannot be changed: create the flow log again with ${fields} in it and delete the old one`;

describe('fields', () => {
  test.each([
    ['a condition', FLAGS, 'tcp-flags'],
    ['a negated condition', 'match: { vpc-id: { not: vpc-1 } }', 'vpc-id'],
    ['by', 'match: { dstport: 1 }\nby: [vpc-id]', 'vpc-id'],
    [
      'a sum',
      'match: { dstport: 1 }\ndetect: { sum: { field: encryption-status, above: 1 } }\nwindow: 15m',
      'encryption-status',
    ],
    ['a derived field', 'match: { vantage: source }', 'flow-direction'],
    [
      'distinct',
      'match: { dstport: 1 }\ndetect: { distinct: { fields: [vpc-id], above: 2 } }\nwindow: 15m',
      'vpc-id',
    ],
  ])('A rule that needs one for %s cannot fire', (_, rule, field) => {
    expect(told({ rules: { r: rule }, format: DEFAULT_FORMAT })).toEqual([
      lacks(field, 'the rule r'),
    ]);
  });

  test.each([
    ['the format has it', FLAGS, `${DEFAULT_FORMAT} \${tcp-flags}`],
    ['an alternative works', 'match: { any: [{ tcp-flags: 2 }, { dstport: 1 }] }', DEFAULT_FORMAT],
    ['its absence is asked for', 'match: { vpc-id: { exists: false } }', DEFAULT_FORMAT],
    ['it is under a not', 'match: { dstport: 1, not: { vpc-id: vpc-1 } }', DEFAULT_FORMAT],
    ['the group may lack it', 'match: { dstport: 1 }\nby: [vpc-id?]', DEFAULT_FORMAT],
    ['it is derived from what is there', 'match: { traffic: inbound }', DEFAULT_FORMAT],
  ])('A rule is not named where %s', (_, rule, format) => {
    expect(told({ rules: { r: rule }, format })).toEqual([]);
  });

  test('Rules that lack the same fields share a line, and many end in a count', () => {
    const ids = Array.from({ length: 12 }, (_, i) => `r${i + 10}`);
    const rules = {
      ...Object.fromEntries(ids.map((id) => [id, FLAGS])),
      v: 'match: { vpc-id: a }',
    };
    expect(told({ rules, format: DEFAULT_FORMAT })).toEqual([
      lacks('tcp-flags', `the rules ${ids.slice(0, 10).join(', ')} and 2 more`),
      lacks('vpc-id', 'the rule v'),
    ]);
  });

  test('Of several formats, the one without is told', () => {
    const [line] = told({
      rules: { r: FLAGS },
      format: [`${DEFAULT_FORMAT} \${tcp-flags}`, DEFAULT_FORMAT],
    });
    expect(line).toContain('one of its formats lacks tcp-flags');
  });

  test('A rule for interfaces is not meant for a transit gateway, nor the other way round', () => {
    const rules = { eni: 'match: { action: REJECT }', tgw: 'match: { tgw-id: tgw-1 }' };
    expect(told({ rules, format: TRANSIT })).toEqual([]);
    expect(told({ rules, format: DEFAULT_FORMAT })).toEqual([]);
    expect(told({ rules: { r: FLAGS }, format: TRANSIT })).toEqual([
      lacks('tcp-flags', 'the rule r'),
    ]);
  });
});

describe('traffic', () => {
  const rules = {
    no: 'match: { action: REJECT }',
    yes: 'match: { action: ACCEPT }',
    any: 'match: { dstport: 1 }',
  };

  test.each([
    ['ACCEPT', 'no'],
    ['REJECT', 'yes'],
  ] as const)('Where %s alone is taken, rules for the other cannot fire', (traffic, blind) => {
    expect(told({ rules, facts: { traffic } })).toEqual([
      `  its flow log takes ${traffic} alone, so the rule ${blind} cannot fire; create it again with traffic type ALL`,
    ]);
  });

  test('An unanswered rule needs both kinds', () => {
    const rule = 'match: { dstport: 1 }\ndetect: { unanswered: { min: 3 } }\nwindow: 15m';
    for (const traffic of ['ACCEPT', 'REJECT'] as const) {
      expect(told({ rules: { u: rule }, facts: { traffic } })).toHaveLength(1);
    }
    expect(told({ rules: { u: rule }, facts: { traffic: 'ALL' } })).toEqual([]);
  });

  test('A step that never comes keeps a sequence from firing', () => {
    const steps = '[{ match: { action: REJECT }, above: 9 }, { match: { action: ACCEPT } }]';
    const rule = `match: { dstport: 1 }\ndetect: { sequence: ${steps} }\nwindow: 15m\nby: [srcaddr]`;
    expect(told({ rules: { s: rule }, facts: { traffic: 'ACCEPT' } })).toHaveLength(1);
    expect(told({ rules: { s: rule }, facts: { traffic: 'ALL' } })).toEqual([]);
  });

  test('A share of what is never recorded stays 0', () => {
    const rule =
      'match: { dstport: 1 }\ndetect: { ratio: { of: { action: REJECT }, above: 0.5 } }\nwindow: 15m';
    expect(told({ rules: { r: rule }, facts: { traffic: 'ACCEPT' } })).toHaveLength(1);
    expect(told({ rules: { r: rule }, facts: { traffic: 'REJECT' } })).toEqual([]);
  });

  test('Where all is taken, or nothing is said, every rule can', () => {
    expect(told({ rules, facts: { traffic: 'ALL' } })).toEqual([]);
    expect(told({ rules, facts: {} })).toEqual([]);
  });
});

describe('interval', () => {
  const sum = (window: string) =>
    `match: { dstport: 1 }\ndetect: { sum: { field: bytes, above: 1 } }\nwindow: ${window}`;

  test('At ten minutes a sum over five does not work, and one over an hour does', () => {
    const rules = { long: sum('1h'), short: sum('5m') };
    expect(told({ rules, facts: { interval: 600 } })).toEqual([
      '  its flow log sums up ten minutes in a record, at which the rule short does not work (interfaces of Nitro instances report every minute all the same); create it again with a maximum aggregation interval of 60 seconds',
    ]);
    expect(told({ rules, facts: { interval: 60 } })).toEqual([]);
  });
});
