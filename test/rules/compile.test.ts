import { describe, expect, test } from '@jest/globals';
import { compileText, printed } from './one-rule.ts';

const MATCH = 'match: { dstport: 22 }\n';
const errors = (text: string) => printed(compileText(text).problems, 'error');
const warnings = (text: string) => printed(compileText(text).problems, 'warning');

const EXAMPLE = `
id: ssh-from-internet
title: SSH accepted from the internet
description: why it matters
severity: high
enabled: true
tags: [attack.t1021.004]
references: [https://example.com/ssh]
runbook: https://example.com/runbook
match:
  action: ACCEPT
  protocol: tcp
  dstport: [22, 3389, 5900-5999]
  srcaddr: { not: $internal }
by: [dstaddr, dstport]
cooldown: 1h
storm: 20
message: "{srcaddr} reached {dstaddr}:{dstport} ({service})"
to: [default]
mode: live
metric: { name: SshFromInternet, value: count }
alarm: { above: 0, period: 1m, periods: 1, of: 1 }
tests:
  - name: a stranger logs in
    flows: [{ srcaddr: 198.51.100.7, dstaddr: 10.0.0.5, dstport: 22, action: ACCEPT }]
    expect: [{ dstaddr: 10.0.0.5, dstport: 22 }]
`;

describe('a whole rule', () => {
  test('Every key of the example arrives in the normal form', () => {
    const { id, compiled, problems } = compileText(EXAMPLE);
    expect(id).toBe('ssh-from-internet');
    expect(printed(problems, 'error')).toEqual([]);
    expect(printed(problems, 'warning')).toEqual([]);
    expect(compiled).toEqual({
      id: 'ssh-from-internet',
      title: 'SSH accepted from the internet',
      description: 'why it matters',
      severity: 'high',
      tags: ['attack.t1021.004'],
      references: ['https://example.com/ssh'],
      runbook: 'https://example.com/runbook',
      match: {
        all: [
          { field: 'action', test: { in: { strings: ['ACCEPT'] } }, path: 'match.action' },
          { field: 'protocol', test: { in: { numbers: [[6, 6]] } }, path: 'match.protocol' },
          {
            field: 'dstport',
            test: {
              in: {
                numbers: [
                  [22, 22],
                  [3389, 3389],
                  [5900, 5999],
                ],
              },
            },
            path: 'match.dstport',
          },
          { field: 'srcaddr', test: { notIn: { lists: ['internal'] } }, path: 'match.srcaddr' },
        ],
      },
      detect: { kind: 'every' },
      by: [
        { field: 'dstaddr', optional: false },
        { field: 'dstport', optional: false },
      ],
      cooldown: 3_600,
      storm: 20,
      message: '{srcaddr} reached {dstaddr}:{dstport} ({service})',
      to: ['default'],
      mode: 'live',
      metric: { name: 'SshFromInternet', value: 'count' },
      resolve: false,
      alarm: { above: 0, period: 60, periods: 1, of: 1 },
    });
  });

  test('JSON is read as well, to the same end', () => {
    const { document } = compileText(EXAMPLE);
    const again = compileText(JSON.stringify(document, null, 2));
    expect(again.compiled).toEqual(compileText(EXAMPLE).compiled);
  });

  test('What is left out has its default', () => {
    expect(compileText(MATCH).compiled).toEqual({
      id: 'rule',
      title: 'rule',
      severity: 'medium',
      tags: [],
      references: [],
      match: { field: 'dstport', test: { in: { numbers: [[22, 22]] } }, path: 'match.dstport' },
      detect: { kind: 'every' },
      by: [],
      cooldown: 3_600,
      storm: 20,
      to: ['default'],
      mode: 'live',
      resolve: false,
      alarm: false,
    });
  });

  test('A rule without match and detect is an error, with either it is none', () => {
    expect(errors('title: x')).toEqual([
      'match: is missing; wanted: a block of conditions (without detect it would fire at every record there is)',
    ]);
    const counting = compileText('detect: { count: { above: 5 } }\nwindow: 5m');
    expect(counting.compiled?.match).toEqual({ all: [] });
    expect(errors(MATCH)).toEqual([]);
  });

  test('One that is switched off needs neither, but its keys are checked', () => {
    expect(errors('enabled: false')).toEqual([]);
    expect(errors('enabled: false\nsevrity: low')).toHaveLength(1);
  });
});

describe('ids', () => {
  test.each(['a', '0', 'a-b-', 'a'.repeat(63)])('%s is one', (id) => {
    expect(compileText(`id: ${id === '0' ? '"0"' : id}\n${MATCH}`).compiled?.id).toBe(id);
  });

  test.each(['-a', 'A', 'a_b', 'a.b', 'a/b', 'a'.repeat(64), '""'])('%s is none', (id) => {
    const { id: found, compiled, problems } = compileText(`id: ${id}\n${MATCH}`);
    expect([found, compiled]).toEqual([undefined, undefined]);
    expect(problems).toEqual([expect.objectContaining({ path: 'id', line: 1, severity: 'error' })]);
  });

  test('A number is no id', () => {
    expect(errors(`id: 22\n${MATCH}`)).toEqual([
      'id: found 22; wanted: an id of up to 63 of a-z, 0-9 and -, the first no hyphen',
    ]);
  });
});

describe('by', () => {
  test('A question mark lets a field be absent', () => {
    expect(compileText(`${MATCH}by: [srcaddr, vpc-id?]`).compiled?.by).toEqual([
      { field: 'srcaddr', optional: false },
      { field: 'vpc-id', optional: true },
    ]);
  });

  test.each([
    ['[]', expect.stringContaining('by: found an empty list')],
    ['srcaddr', expect.stringContaining('(write [srcaddr])')],
    ['[srcaddr, srcaddr]', 'by[1]: srcaddr stands twice'],
    ['[srcaddr, srcaddr?]', 'by[1]: srcaddr stands twice'],
    ['[scraddr]', 'by[0]: there is no field "scraddr" (did you mean srcaddr?)'],
    ['["?"]', expect.stringContaining('by[0]: "" is not a field name')],
    ['[srcaddr, 5]', expect.stringContaining('by[1]: found 5')],
  ])('by: %s is refused', (by, message) => {
    expect(errors(`${MATCH}by: ${by}`)).toEqual([message]);
  });
});

describe('messages', () => {
  test('Fields, derived ones, special names and fields the rule uses are known', () => {
    expect(errors(`${MATCH}message: "{dstport} {service} { value } {group} }"`)).toEqual([]);
    expect(errors('match: { nat-outside: a }\nmessage: "{nat-outside}"')).toEqual([]);
    expect(errors(`${MATCH}by: [nat-outside?]\nmessage: "{nat-outside}"`)).toEqual([]);
  });

  test.each([
    ['{scraddr}', expect.stringContaining('did you mean {srcaddr}?')],
    ['{vaule}', expect.stringContaining('did you mean {value}?')],
    ['{nat-outside}', expect.stringContaining('{nat-outside} is no field')],
    ['{vpc-id?}', expect.stringContaining('did you mean {vpc-id}?')],
    ['a {srcaddr', expect.stringContaining('"{srcaddr" begins a placeholder that is not one')],
    ['{}', expect.stringContaining('"{}" begins a placeholder')],
    ['{a {srcaddr}', expect.stringContaining('begins a placeholder')],
  ])('%s is refused', (message, wanted) => {
    expect(errors(`${MATCH}message: "${message}"`)).toEqual([wanted]);
  });
});

describe('metric', () => {
  const metric = (value: string) => compileText(`${MATCH}metric: { name: M, value: ${value} }`);

  test.each([
    ['count', 'count'],
    ['value', 'value'],
    ['bytes', { sum: 'bytes' }],
    ['{ sum: packets }', { sum: 'packets' }],
  ])('%s', (written, value) => {
    expect(metric(written).compiled?.metric).toEqual({ name: 'M', value });
  });

  test('It counts where it does not say what', () => {
    expect(compileText(`${MATCH}metric: { name: M }`).compiled?.metric?.value).toBe('count');
  });

  test.each([
    ['srcaddr', 'metric.value: srcaddr is no number, so it has no sum'],
    ['{ sum: action }', 'metric.value.sum: action is no number, so it has no sum'],
    ['counts', expect.anything()],
    ['{ avg: bytes }', expect.anything()],
    ['5', expect.stringContaining('metric.value: found 5; wanted: count, value, a numeric field')],
  ])('%s is refused', (written, message) => {
    expect(printed(metric(written).problems, 'error')).toEqual([message]);
  });

  test.each(['Alerts', 'Matches'])('%s is taken', (name) => {
    expect(errors(`${MATCH}metric: { name: ${name} }`)).toEqual([
      `metric.name: ${name} is a metric that the service publishes itself (choose another name)`,
    ]);
  });
});

describe('keys that stand alone', () => {
  test.each(['mode: shadow', 'mode: signal', 'resolve: true', 'repeat: 4h', 'severity: low'])(
    '%s gives none',
    (line) => expect(warnings(MATCH + line)).toEqual([]),
  );

  test.each([
    ['resolve: maybe', 'resolve: found "maybe"; wanted: true or false'],
    ['repeat: soon', expect.stringContaining('repeat: found "soon"')],
  ])('%s is checked all the same', (line, message) => {
    expect(errors(MATCH + line)).toContainEqual(message);
  });
});

describe('resolve and repeat', () => {
  const windowed = `${MATCH}detect: { count: { above: 1 } }\nwindow: 5m\n`;

  test('Rules with a window tell when it is over unless they say otherwise, the others do not', () => {
    expect(compileText(windowed).compiled?.resolve).toBe(true);
    expect(compileText(`${windowed}resolve: false`).compiled?.resolve).toBe(false);
    expect(compileText(MATCH).compiled?.resolve).toBe(false);
    expect(compileText(`${MATCH}resolve: true`).compiled?.resolve).toBe(true);
    const fresh = compileText(`${MATCH}detect: { new: { fields: [srcaddr] } }`);
    expect(fresh.compiled?.resolve).toBe(false);
  });

  test('repeat is five minutes at least, and absent where it is not written', () => {
    expect(compileText(`${windowed}repeat: 4h`).compiled?.repeat).toBe(14_400);
    expect(compileText(`${windowed}repeat: 5m`).compiled?.repeat).toBe(300);
    expect(compileText(windowed).compiled).not.toHaveProperty('repeat');
    expect(errors(`${windowed}repeat: 299s`)).toEqual([
      'repeat: 4m59s is too often (write at least 5m)',
    ]);
  });
});

describe('tests in a rule', () => {
  const withTest = (test: string, by = 'by: [srcaddr, vpc-id?]\n') =>
    errors(`${MATCH}${by}tests: [${test}]`);

  test('Fields, null, names of protocols and volume are accepted', () => {
    expect(
      withTest(`{ name: a, flows: [{ dstport: 22, protocol: tcp, vpc-id: null, repeat: 5, every: 1s, at: 5m }],
        expect: [{ srcaddr: 10.0.0.10 }, { srcaddr: 10.0.0.11, vpc-id: vpc-1 }],
        lists: { friends: [10.0.0.0/8] }, filters: [{ match: { dstport: 22 } }] }`),
    ).toEqual([]);
    expect(withTest('{ name: a, flows: [{}], expect: [{}] }', '')).toEqual([]);
  });

  test('Numbers and addresses of copies may vary', () => {
    const flow = '{ repeat: 5, srcport: 40000, vary: { srcport: 1, dstaddr: -1, packets: 100 } }';
    expect(withTest(`{ name: a, flows: [${flow}], expect: [] }`)).toEqual([]);
  });

  test.each([
    ['{ flows: [{}], expect: [] }', 'tests[0].name: is missing; wanted: a sentence'],
    [
      '{ name: a, flows: [], expect: [] }',
      expect.stringContaining('tests[0].flows: found an empty list'),
    ],
    ['{ name: a, flows: [{}] }', expect.stringContaining('tests[0].expect: is missing')],
    [
      '{ name: a, flows: [{ dstprt: 22 }], expect: [] }',
      'tests[0].flows[0].dstprt: there is no field "dstprt" (did you mean dstport?)',
    ],
    [
      '{ name: a, flows: [{ traffic: inbound }], expect: [] }',
      'tests[0].flows[0].traffic: traffic is computed from the others and cannot be given',
    ],
    [
      '{ name: a, flows: [{ every: often }], expect: [] }',
      'tests[0].flows[0].every: found "often"; wanted: a duration like 1s or 5m',
    ],
    [
      '{ name: a, flows: [{ vary: { srcprt: 1 } }], expect: [] }',
      'tests[0].flows[0].vary.srcprt: there is no field "srcprt" (did you mean srcport?)',
    ],
    [
      '{ name: a, flows: [{ vary: { action: 1 } }], expect: [] }',
      'tests[0].flows[0].vary.action: action is neither a number nor an address',
    ],
    [
      '{ name: a, flows: [{ vary: { start: 1 } }], expect: [] }',
      'tests[0].flows[0].vary.start: start is neither a number nor an address (every says how far apart copies are)',
    ],
    [
      '{ name: a, flows: [{ vary: { traffic: 1 } }], expect: [] }',
      'tests[0].flows[0].vary.traffic: traffic is computed from the others and cannot be given',
    ],
    [
      '{ name: a, flows: [{ vary: { srcport: 0 } }], expect: [] }',
      'tests[0].flows[0].vary.srcport: found 0; wanted: a whole number other than 0',
    ],
    [
      '{ name: a, flows: [{}], expect: [{ dstaddr: 1.2.3.4, srcaddr: 1.2.3.4 }] }',
      'tests[0].expect[0].dstaddr: "dstaddr" is not in the group: by has srcaddr, vpc-id',
    ],
    [
      '{ name: a, flows: [{}], expect: [{ vpc-id: vpc-1 }] }',
      'tests[0].expect[0]: the group lacks srcaddr; by has srcaddr, vpc-id',
    ],
    [
      '{ name: a, flows: [{ repeat: 0 }], expect: [] }',
      expect.stringContaining('tests[0].flows[0].repeat: found 0'),
    ],
    [
      '{ name: a, flow: [], flows: [{}], expect: [] }',
      expect.stringContaining('did you mean flows?'),
    ],
  ])('%s is refused', (test, message) => {
    expect(withTest(test)).toEqual([message]);
  });
});

describe('the rest of the keys', () => {
  test.each([
    [
      'severity: hgih',
      'severity: found "hgih"; wanted: one of info, low, medium, high, critical (did you mean high?)',
    ],
    [
      'enabled: no',
      'enabled: found "no"; wanted: true or false (YAML 1.2 knows true and false only)',
    ],
    ['storm: 0', 'storm: found 0; wanted: a whole number from 1 to 10000'],
    ['storm: "20"', 'storm: found "20"; wanted: a whole number from 1 to 10000'],
    [
      'cooldown: 1 hour',
      'cooldown: found "1 hour"; wanted: a duration like 30s, 5m, 1h30m or 7d, or seconds',
    ],
    ['cooldown: -5', expect.stringContaining('cooldown: found -5')],
    ['cooldown: 400d', expect.stringContaining('cooldown: found "400d"')],
    ['tags: attack', expect.stringContaining('(write [attack])')],
    ['runbook: ftp://x', 'runbook: found "ftp://x"; wanted: a web address, https://...'],
    ['to: []', expect.stringContaining('to: found an empty list')],
    ['mode: on', 'mode: found "on"; wanted: one of live, shadow, signal'],
    ['title:', 'title: found nothing (null); wanted: a text of 1 to 200 characters'],
    [
      'titel: x',
      expect.stringMatching(
        /^titel: unknown key "titel"; allowed: id, title, .* \(did you mean title\?\)$/,
      ),
    ],
    [
      'colour: red',
      expect.stringMatching(/^colour: unknown key "colour"; allowed: id, title, .*tests$/),
    ],
    ['constructor: x', expect.stringContaining('constructor: unknown key "constructor"')],
    ['__proto__: { enabled: false }', expect.stringContaining('unknown key "__proto__"')],
  ])('%s is refused', (line, message) => {
    expect(errors(MATCH + line)).toEqual([message]);
  });

  test('cooldown 0 is no cooldown', () => {
    expect(compileText(`${MATCH}cooldown: 0`).compiled?.cooldown).toBe(0);
  });

  test('One wrong key does not hide what is wrong with the others', () => {
    expect(
      errors('severity: x\nmatch: { dsport: 1 }\nby: [scraddr]\nmessage: "{foo}"'),
    ).toHaveLength(4);
  });

  test.each(['22', '[a, b]', '"text"'])('%s is no rule', (text) => {
    expect(errors(text)).toEqual([expect.stringContaining('wanted: a block with id, title')]);
  });
});
