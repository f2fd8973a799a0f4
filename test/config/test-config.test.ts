import { describe, expect, test } from '@jest/globals';
import { testConfig } from '../../src/config/test-config.ts';
import { compiled, lines, onPort } from './trees.ts';

const FOLDER = {
  'lists/friends': 'values: [10.0.0.0/8]',
  'rules/a': 'tags: [t]\nmatch: { srcaddr: $friends }',
  'rules/b': onPort(2),
  'filters/f': 'rules: [a, b]\nmatch: { dstport: 1 }',
  'filters/g': 'rules: [b]\nmatch: { dstport: 2 }',
};

function under(test: object) {
  const config = compiled(FOLDER);
  const [entry] = config.rules;
  return testConfig(config, entry, { name: 'x', flows: [{}], expect: [], ...test });
}

describe('the configuration of a test', () => {
  test('It has this rule alone, with the lists and filters of the folder that concern it', () => {
    const { snapshot, problems } = under({});
    expect(problems).toEqual([]);
    expect(snapshot.rules.map(({ id }) => id)).toEqual(['a']);
    expect(snapshot.filters.map(({ id, rules }) => [id, rules])).toEqual([['f', ['a']]]);
    expect(snapshot.lists.friends.cidrs).toEqual(['10.0.0.0/8']);
  });

  test('A sequence brings the rules it waits for, and those that they wait for', () => {
    const sequence = (rule: string) =>
      `detect: { sequence: [{ rule: ${rule} }, { match: { dstport: 2 } }] }\nwindow: 5m`;
    const config = compiled({
      'rules/a': onPort(1),
      'rules/b': sequence('a'),
      'rules/c': sequence('b'),
      'rules/d': onPort(4),
      'filters/f': 'rules: [a, d]\nmatch: { srcport: 1 }',
      'filters/g': 'rules: [d]\nmatch: { srcport: 1 }',
    });
    const entry = config.rules.find(({ id }) => id === 'c') as (typeof config.rules)[number];
    const test = { name: 'x', flows: [{}], expect: [] };
    const { snapshot } = testConfig(config, entry, test);
    expect(snapshot.rules.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(snapshot.filters.map(({ id, rules }) => [id, rules])).toEqual([['f', ['a']]]);
    const filters = [{ match: { srcport: 2 } }];
    expect(testConfig(config, entry, { ...test, filters }).snapshot.filters).toMatchObject([
      { rules: ['a', 'b', 'c'] },
    ]);
  });

  test('Its own lists replace those of the same name, the others stay', () => {
    const { snapshot } = under({ lists: { internal: ['192.168.0.0/16'] } });
    expect(snapshot.lists.internal.cidrs).toEqual(['192.168.0.0/16']);
    expect(snapshot.lists.friends.cidrs).toEqual(['10.0.0.0/8']);
  });

  test('Its own filters replace all; they concern this rule unless they name others', () => {
    const match = { dstport: 9 };
    const { snapshot } = under({
      filters: [{ match }, { match, rules: ['t'] }, { match, rules: 'a' }, { match, rules: ['b'] }],
    });
    expect(snapshot.filters).toHaveLength(3);
    expect(under({ filters: [] }).snapshot.filters).toEqual([]);
  });

  test('A filter may name a list of the test, and end', () => {
    const { snapshot, problems } = under({
      lists: { mine: [9] },
      filters: [{ match: { dstport: '$mine' }, until: '2026-01-01T00:00:00Z' }],
    });
    expect(problems).toEqual([]);
    expect(snapshot.filters[0]).toMatchObject({ until: Date.UTC(2026, 0, 1) / 1000 });
  });

  test.each([
    [{ lists: { l: ['10.0.0.1/8'] } }, 'has host bits set'],
    [{ filters: [{ match: { dsport: 1 } }] }, 'did you mean dstport?'],
    [{ filters: [{ match: { dstport: '$nothing' } }] }, 'there is no list $nothing'],
    [{ filters: [{ match: { dstport: 1 }, until: 'soon' }] }, 'is no time'],
  ])('%j has a problem', (test, message) => {
    expect(lines(under(test).problems).join()).toContain(message);
  });
});
