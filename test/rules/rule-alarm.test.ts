import { describe, expect, test } from '@jest/globals';
import { compileText, printed } from './one-rule.ts';

const MATCH = 'match: { dstport: 22 }\n';
const alarmOf = (text: string) => compileText(MATCH + text).compiled?.alarm;
const errors = (text: string) => printed(compileText(MATCH + text).problems, 'error');
const warnings = (text: string) => printed(compileText(text).problems, 'warning');

describe('the alarm of a rule', () => {
  test('is read with what was not written filled in', () => {
    expect(alarmOf('alarm: { above: 5 }')).toEqual({ above: 5, period: 60, periods: 1, of: 1 });
    expect(alarmOf('alarm: { band: 2.5, period: 1h, periods: 2 }')).toEqual({
      band: 2.5,
      period: 3_600,
      periods: 2,
      of: 2,
    });
    expect(alarmOf('title: none')).toBe(false);
  });

  test.each([
    ['alarm: {}', 'alarm: has neither of above and band; exactly one is wanted'],
    ['alarm: { above: 1, band: 2 }', 'alarm: has both of above and band; exactly one is wanted'],
    [
      'alarm: { above: 1, period: 90s }',
      'alarm.period: found "90s"; wanted: whole minutes, up to a day',
    ],
    [
      'alarm: { above: 1, period: 2d }',
      'alarm.period: found "2d"; wanted: whole minutes, up to a day',
    ],
    ['alarm: { above: 1, periods: 3, of: 2 }', 'alarm.of: 3 periods cannot breach of 2'],
    ['alarm: { abov: 1 }', expect.stringContaining('did you mean above?')],
    [
      'alarm: { above: 1, period: 59m, periods: 25 }',
      'alarm.period: 25 periods of 59m are 1d35m; an alarm looks back over 1d at most, or 7d with periods of an hour or more',
    ],
    [
      'alarm: { above: 1, period: 1h, of: 169 }',
      'alarm.period: 169 periods of 1h are 7d1h; an alarm looks back over 7d at most',
    ],
  ])('%s is an error', (line, error) => expect(errors(line)).toEqual([error]));

  test.each([
    'alarm: { above: 0, period: 1m, of: 1440 }',
    'alarm: { above: 0, period: 1h, of: 168 }',
    'alarm: { above: 0, period: 1d, of: 7 }',
    'alarm: { band: 0.5, period: 1h }',
  ])('%s is none, and no warning', (line) => {
    expect(errors(line)).toEqual([]);
    expect(warnings(MATCH + line)).toEqual([]);
  });
});

describe('an alarm that tells nothing', () => {
  const RULES_ONLY =
    'detect: { sequence: [{ rule: a }, { rule: b }] }\nwindow: 1h\nby: [srcaddr]\n';

  test('is warned of where every value breaches, or a band has too little to learn from', () => {
    expect(warnings(`${MATCH}alarm: { above: -1 }`)).toEqual([
      'alarm.above: every value is above -1, so it is in alarm whenever there is one (write 0 or more)',
    ]);
    expect(warnings(`${MATCH}alarm: { band: 3, period: 6h }`)).toEqual([
      'alarm.period: a band is learnt from two weeks of periods, and of 6h there are few (write at most 1h, or above in place of band)',
    ]);
  });

  test('is warned of where no record meets the rule itself', () => {
    const warning =
      'alarm: no record meets this rule itself, so the metric it watches stays empty (give the rule a metric with value: value, or leave the alarm out)';
    expect(warnings(`${RULES_ONLY}alarm: { above: 0 }`)).toEqual([warning]);
    expect(
      warnings(
        'detect: { visibility: { of: skipped, above: 1% } }\nwindow: 1h\nalarm: { above: 0 }',
      ),
    ).toEqual([warning]);
    const metric = 'metric: { name: Seen, value: value }\n';
    expect(warnings(`${RULES_ONLY}${metric}alarm: { above: 0 }`)).toEqual([]);
    const step = RULES_ONLY.replace('{ rule: b }', '{ match: { dstport: 22 } }');
    expect(warnings(`${step}alarm: { above: 0 }`)).toEqual([]);
  });

  test('is noted where the mode of the rule keeps it silent', () => {
    const notes = (mode: string) =>
      compileText(`${MATCH}mode: ${mode}\nalarm: { above: 0 }`).notes.join();
    expect(notes('shadow')).toContain('tells nobody, as mode is shadow');
    expect(notes('signal')).toContain('tells nobody, as mode is signal');
    expect(notes('live')).toBe('');
  });
});
