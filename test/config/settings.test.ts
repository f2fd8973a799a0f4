import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatsFor, matchesGlob } from '../../src/config/glob.ts';
import { DEFAULT_ENGINE_SETTINGS } from '../../src/config/snapshot.ts';
import { compiled, lines, onPort } from './trees.ts';

const A = '${srcaddr} ${dstaddr}';
const B = '${version} ${srcaddr}';
const set = (text: string) => compiled({ settings: text });

describe('settings', () => {
  test('Without a document everything has its default', () => {
    expect(compiled({}).snapshot).toEqual({
      version: 1,
      settings: DEFAULT_ENGINE_SETTINGS,
      rules: [],
      filters: [],
      lists: { internal: expect.anything() },
      formats: {},
    });
  });

  test('What it says counts, the rest keeps its default', () => {
    const { snapshot, problems } = set('lateness: 1h\nsettle: 90\nmaxGroups: 10\nmetrics: full');
    expect(lines(problems)).toEqual([]);
    expect(snapshot.settings).toEqual({
      ...DEFAULT_ENGINE_SETTINGS,
      lateness: 3_600,
      settle: 90,
      maxGroups: 10,
      metrics: 'full',
    });
  });

  test('Owner and routes are what deliver goes by', () => {
    const { snapshot, problems } = set(`owner: ops
routes:
  - { match: { severity: [high, critical], tag: attack.*, dstport: 22 }, to: [pager, chat] }
  - { to: [archive] }`);
    expect([...lines(problems), ...lines(problems, 'warning')]).toEqual([]);
    expect(snapshot.delivery).toEqual({
      owner: 'ops',
      routes: [
        {
          match: { severity: ['high', 'critical'], tag: ['attack.*'], dstport: ['22'] },
          to: ['pager', 'chat'],
        },
        { match: {}, to: ['archive'] },
      ],
    });
    expect(set('settle: 5m').snapshot).not.toHaveProperty('delivery');
    expect(set('owner: ops').snapshot.delivery).toEqual({ owner: 'ops', routes: [] });
  });

  test.each([
    ['lateness: soon', '/t/settings:1 lateness: found "soon"; wanted: a duration'],
    ['lateness: 8d', '/t/settings:1 lateness: found "8d"; at most 7d'],
    ['maxGroups: 0', '/t/settings:1 maxGroups: found 0; wanted: a whole number from 1 to 100000'],
    ['metrics: all', '/t/settings:1 metrics: found "all"; wanted: one of sparse, full'],
    [
      'builtin: yes',
      '/t/settings:1 builtin: found "yes"; wanted: true, false, or a list of rule ids and tags',
    ],
    ['builtin: []', '/t/settings:1 builtin: found an empty list'],
    ['latness: 30m', '(did you mean lateness?)'],
    ['formats: { g: "" }', '/t/settings:1 formats.g'],
    [
      'formats: { /g: "srcaddr srcaddr" }',
      '/t/settings:1 formats["/g"]: the field srcaddr stands twice',
    ],
    ['formats: { g: ["srcaddr", "a b!"] }', '/t/settings:1 formats.g[1]: "b!" is not a field'],
    [
      'routes: [{ match: { severty: high }, to: [pager] }]',
      '/t/settings:1 routes[0].match.severty: an alert has no field "severty"',
    ],
    ['routes: [{ match: { severity: hihg }, to: [pager] }]', '(did you mean high?)'],
    ['routes: [{ match: { severity: high } }]', '/t/settings:1 routes[0].to: is missing'],
    ['- 1', 'wanted: a block with builtin, owner'],
  ])('%j is refused, and the defaults stay', (text, message) => {
    const { snapshot, problems } = set(text);
    expect(lines(problems).join('\n')).toContain(message);
    expect(snapshot.settings).toEqual(DEFAULT_ENGINE_SETTINGS);
  });
});

describe('formats', () => {
  const merged = (settings: Record<string, unknown>, described: Record<string, string[]>) =>
    compiled({ settings: JSON.stringify({ formats: settings }) }, { formats: described }).snapshot
      .formats;

  test('A group that settings do not name has what AWS says, several formats included', () => {
    expect(merged({ '/other': A }, { '/vpc': [A, B] })).toEqual({ '/other': [A], '/vpc': [A, B] });
  });

  test('A name or glob in settings stands in for what AWS says', () => {
    expect(merged({ '/vpc': [A] }, { '/vpc': [B] })).toEqual({ '/vpc': [A] });
    expect(merged({ '/v*': B }, { '/vpc': [A], '/w': [A] })).toEqual({ '/v*': [B], '/w': [A] });
  });

  test('Header lines are formats too', () => {
    expect(merged({ g: 'srcaddr dstaddr' }, {})).toEqual({ g: [A] });
  });

  test('A group has its own formats, else those of the longest glob, else none', () => {
    const formats = { '/a/b': ['1'], '/a/*': ['2'], '/*': ['3'], '/a/?c': ['4'] };
    expect(formatsFor(formats, '/a/b')).toEqual(['1']);
    expect(formatsFor(formats, '/a/x')).toEqual(['2']);
    expect(formatsFor(formats, '/a/bc')).toEqual(['4']);
    expect(formatsFor(formats, '/b')).toEqual(['3']);
    expect(formatsFor(formats, 'b')).toBeUndefined();
    expect(formatsFor({}, 'constructor')).toBeUndefined();
  });

  test.each([
    ['*', '', true],
    ['a*', 'a', true],
    ['a*c', 'abc', true],
    ['a*c', 'abcd', false],
    ['?', '', false],
    ['a?', 'ab', true],
    ['a?', 'a', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b*', 'xxbxxaxx', false],
    ['a.c', 'abc', false],
    ['a**b', 'ab', true],
  ])('%j against %j is %s', (glob, name, matches) => {
    expect(matchesGlob(glob, name)).toBe(matches);
  });

  test('Globs agree with regular expressions', () => {
    const glob = fc
      .array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    const name = fc
      .array(fc.constantFrom('a', 'b'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(glob, name, (pattern, text) => {
        const same = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchesGlob(pattern, text)).toBe(same.test(text));
      }),
    );
  });
});

describe('metrics: full', () => {
  const rules = (count: number, more = '') =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`rules/r${i}`, onPort(i + 1, more)]),
    );
  const warnings = (texts: Record<string, string>) => lines(compiled(texts).problems, 'warning');

  test('is warned of where it costs ten dollars a month', () => {
    const settings = 'settle: 1m\nmetrics: full';
    expect(warnings({ settings, ...rules(100) })).toEqual([
      '/t/settings:2 metrics: full publishes Matches for 100 rules without metric or alarm: up to $30 a month (write sparse, and metric in the rules that need one)',
    ]);
    expect(warnings({ settings, ...rules(30) })).toEqual([]);
    expect(warnings({ settings, ...rules(100, 'alarm: { above: 0 }') })).toEqual([]);
    expect(warnings({ settings: 'metrics: sparse', ...rules(100) })).toEqual([]);
  });
});

describe('alarms and queries', () => {
  const settings = (text: string) => set(text).settings;

  test('are one alarm a rule and a saved query each, unless the document says otherwise', () => {
    expect(settings('settle: 1m')).toMatchObject({ alarms: { composite: false }, queries: true });
    expect(settings('alarms: {}').alarms).toEqual({ composite: false });
    expect(settings('alarms: { composite: true }\nqueries: false')).toMatchObject({
      alarms: { composite: true },
      queries: false,
    });
  });

  test.each([
    ['alarms: true', '/t/settings:1 alarms: found true; wanted: a block'],
    ['alarms: { compsite: true }', 'did you mean composite?'],
    ['queries: often', '/t/settings:1 queries: found "often"; wanted: true or false'],
  ])('%s is an error', (text, error) => {
    expect(lines(set(text).problems).join()).toContain(error);
  });
});
