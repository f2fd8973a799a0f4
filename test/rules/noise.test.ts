import { describe, expect, test } from '@jest/globals';
import { compiled, lines, onPort } from '../config/trees.ts';

const ruleOf = (more: string) => compiled({ 'rules/a': onPort(22, more) });

describe('promote and budget', () => {
  test('are read in seconds and numbers', () => {
    const { snapshot, problems } = ruleOf(
      'mode: shadow\npromote: { after: 72h, below: 5 }\nbudget: { perDay: 20, then: digest }',
    );
    expect(problems).toEqual([]);
    expect(snapshot.rules[0]).toMatchObject({
      promote: { after: 259_200, below: 5 },
      budget: { perDay: 20 },
    });
  });

  test('are absent from a rule that has none', () => {
    const [rule] = ruleOf('').snapshot.rules;
    expect(rule).not.toHaveProperty('promote');
    expect(rule).not.toHaveProperty('budget');
  });

  test.each([
    [
      'promote: { after: 72h, below: 5 }',
      /a promote: is for rules in mode shadow; this one is live/,
    ],
    ['mode: signal\npromote: { after: 72h, below: 5 }', /this one is signal/],
    [
      'mode: shadow\npromote: { after: 5m, below: 5 }',
      /promote\.after: found "5m", which is too short/,
    ],
    ['mode: shadow\npromote: { after: 72h, below: 0 }', /promote\.below/],
    ['mode: shadow\npromote: { after: 72h }', /promote\.below/],
    ['budget: { perDay: 0 }', /budget\.perDay/],
    ['budget: { perDay: 5, then: silence }', /budget\.then/],
    ['budget: { perday: 5 }', /did you mean perDay\?/],
  ])('%j is an error', (more, message) => {
    expect(lines(ruleOf(more).problems).join('\n')).toMatch(message);
  });

  test('an hour is enough, and a budget in shadow alone is warned of', () => {
    expect(ruleOf('mode: shadow\npromote: { after: 1h, below: 1 }').problems).toEqual([]);
    const { problems } = ruleOf('mode: shadow\nbudget: { perDay: 5 }');
    expect(lines(problems, 'warning')).toEqual([
      expect.stringContaining('in mode shadow it does nothing: nobody is told of the rule'),
    ]);
  });
});
