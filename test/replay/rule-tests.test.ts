import { describe, expect, test } from '@jest/globals';
import { checkTree } from '../../src/config/check.ts';
import { type RuleTestResult, runRuleTests } from '../../src/replay/rule-tests.ts';

/** Runs the tests of one rule document, given as YAML. */
function results(text: string, more: Readonly<Record<string, string>> = {}): RuleTestResult[] {
  const documents = Object.entries({ 'rules/r': text, ...more }).map(([path, content]) => ({
    path,
    text: content,
    origin: `${path}.yaml`,
  }));
  const config = checkTree(documents);
  expect(config.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return [...runRuleTests(config)];
}

/** The first test's verdict, with what was missing and unexpected. */
function verdict(text: string, more?: Readonly<Record<string, string>>) {
  const [{ passed, missing, unexpected }] = results(text, more);
  return { passed, missing, unexpected };
}

const PASSED = { passed: true, missing: [], unexpected: [] };

describe('runRuleTests', () => {
  test.each([
    [21, '[{ srcaddr: 10.0.0.10 }]'],
    [20, '[]'],
  ])('%d flows against a threshold of 20 alert %s', (repeat, expected) => {
    const rule = `detect: { count: { above: 20 } }
by: [srcaddr]
window: 5m
tests: [{ name: t, flows: [{ repeat: ${repeat}, every: 1s }], expect: ${expected} }]`;
    expect(verdict(rule)).toEqual(PASSED);
  });

  test.each([
    ['4m', '[{}]'],
    ['6m', '[]'],
  ])('two halves %s apart, in a window of five minutes, alert %s', (at, expected) => {
    const rule = `detect: { sum: { field: bytes, above: 1MB } }
window: 5m
tests: [{ name: t, flows: [{ bytes: 600kB }, { bytes: 600kB, at: ${at} }], expect: ${expected} }]`;
    expect(verdict(rule)).toEqual(PASSED);
  });

  test('silences and inhibition are not asked: a test is about what a rule finds', () => {
    const rule = `match: { dstport: 22 }
by: [srcaddr]
inhibits: { rules: [r], equal: [srcaddr] }
tests: [{ name: t, flows: [{ dstport: 22 }], expect: [{ srcaddr: 10.0.0.10 }] }]`;
    const silence = 'match: { rule: "*" }\nfrom: 2000-01-01\nuntil: 2100-01-01';
    expect(verdict(rule, { 'silences/all': silence })).toEqual(PASSED);
  });

  test('groups are compared by meaning, not by spelling', () => {
    const rule = `match: { dstport: 53 }
by: [srcaddr, protocol]
tests:
  - name: t
    flows: [{ srcaddr: '2001:DB8:0::1', dstaddr: '2001:db8::2', dstport: 53, protocol: udp }]
    expect: [{ protocol: UDP, srcaddr: '2001:db8:0:0::1' }]`;
    expect(verdict(rule)).toEqual(PASSED);
  });

  test('a field that may be absent is left out of the group, or null there', () => {
    const rule = (expected: string) => `match: { dstport: 443 }
by: [srcaddr, vpc-id?]
tests: [{ name: t, flows: [{}], expect: [${expected}] }]`;
    expect(verdict(rule('{ srcaddr: 10.0.0.10 }'))).toEqual(PASSED);
    expect(verdict(rule('{ srcaddr: 10.0.0.10, vpc-id: null }'))).toEqual(PASSED);
    expect(verdict(rule('{ srcaddr: 10.0.0.10, vpc-id: vpc-1 }')).passed).toBe(false);
  });

  test('null takes a field away, and what a rule says of it with it', () => {
    const rule = (flow: string) => `match: { tcp-flags: { exists: false } }
tests: [{ name: t, flows: [${flow}], expect: [{}] }]`;
    expect(verdict(rule('{ tcp-flags: null }'))).toEqual(PASSED);
    expect(verdict(rule('{ tcp-flags: 2 }')).passed).toBe(false);
  });

  test('a test brings its own lists and filters in place of those of the folder', () => {
    const folder = {
      'lists/partners': 'values: [198.51.100.0/24]',
      'filters/all': 'rules: "*"\nmatch: { dstport: 443 }\nreason: quiet',
    };
    const rule = (own: string) => `match: { srcaddr: { not: $partners } }
tests: [{ name: t, flows: [{ srcaddr: 203.0.113.1 }], ${own} expect: [{}] }]`;
    expect(verdict(rule(''), folder).passed).toBe(false);
    expect(verdict(rule('filters: [],'), folder)).toEqual(PASSED);
    expect(
      verdict(rule('filters: [], lists: { partners: [203.0.113.0/24] },'), folder).passed,
    ).toBe(false);
  });

  test('neither mode, storm nor cooldown hides what a rule finds', () => {
    const rule = `match: { dstport: 443 }
by: [srcport]
mode: shadow
storm: 1
tests: [{ name: t, flows: [{ srcport: 1 }, { srcport: 2 }, { srcport: 3 }], expect: [{ srcport: 1 }, { srcport: 2 }, { srcport: 3 }] }]`;
    expect(verdict(rule)).toEqual(PASSED);
  });

  test('disabled rules are tested too', () => {
    expect(
      results(
        'enabled: false\nmatch: { dstport: 1 }\ntests: [{ name: t, flows: [{}], expect: [] }]',
      ),
    ).toHaveLength(1);
  });

  test('flows in different layouts keep the order of their times', () => {
    const rule = `match: { dstport: 443 }
tests: [{ name: t, flows: [{ at: 1m, vpc-id: vpc-1 }, {}, { at: 2m }], expect: [{}] }]`;
    expect(verdict(rule)).toEqual(PASSED);
  });

  test('a flow that is no flow record fails its test and says why', () => {
    const rule =
      'match: { dstport: 1 }\ntests: [{ name: t, flows: [{ srcaddr: 10.0.0 }], expect: [] }]';
    expect(results(rule)[0]).toMatchObject({
      passed: false,
      note: expect.stringMatching(/bad-address in ".*10\.0\.0 /),
    });
  });

  test('a missing group is explained by the clause that failed', () => {
    const rule = (flow: string) => `match: { dstport: 22 }
by: [vpc-id]
tests: [{ name: t, flows: [${flow}], expect: [{ vpc-id: vpc-1 }] }]`;
    expect(results(rule('{ dstport: 23, vpc-id: vpc-1 }'))[0].note).toBe(
      'flow 1: match.dstport found 23, wanted 22',
    );
    expect(results(rule('{ dstport: 22 }'))[0].note).toBe('flow 1: has no vpc-id to group by');
    expect(results(rule('{ dstport: 22, vpc-id: vpc-2 }'))[0].note).toMatch(/^all flows match/);
  });
});
