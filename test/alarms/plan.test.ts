import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AlarmDefinition } from '../../src/alarms/definition.ts';
import { desiredAlarms } from '../../src/alarms/desired.ts';
import { alarmPlanFor, planAlarms } from '../../src/alarms/plan.ts';
import { alarmPlanLines, alarmPlanSummary } from '../../src/alarms/plan-text.ts';
import type { CompiledRule } from '../../src/rules/compiled.ts';
import { alarmed } from './rules.ts';

const OPTIONS = { stage: 'prod', actions: ['arn:topic'], composite: false };
const desired = (...rules: CompiledRule[]) => desiredAlarms(rules, OPTIONS);
const ours = (alarms: readonly AlarmDefinition[]) =>
  alarms.map((definition) => ({ definition, ours: true }));
const names = (alarms: readonly AlarmDefinition[]) => alarms.map(({ AlarmName }) => AlarmName);

const ONE = alarmed('one');
const NAME = 'flowlog-alerts/prod/rule/one';

describe('a plan for alarms', () => {
  test('makes what is missing, deletes what nobody wants, leaves alone what is right', () => {
    const plan = planAlarms(desired(ONE, alarmed('new')), ours(desired(ONE, alarmed('old'))));
    expect(names(plan.create)).toEqual(['flowlog-alerts/prod/rule/new']);
    expect(names(plan.delete)).toEqual(['flowlog-alerts/prod/rule/old']);
    expect([plan.change, plan.unchanged, plan.conflicts]).toEqual([[], [NAME], []]);
  });

  test('changes what the rule changed, and says which fields', () => {
    const more = { alarm: { above: 5, period: 300, periods: 1, of: 1 } };
    const plan = planAlarms(desired(alarmed('one', more)), ours(desired(ONE)));
    expect(plan.change.map(({ fields }) => fields.map(({ field }) => field))).toEqual([
      ['AlarmDescription', 'Period', 'Threshold'],
    ]);
  });

  test('puts right what somebody changed by hand', () => {
    const [alarm] = desired(ONE);
    const drifted = { ...alarm, AlarmActions: [], Threshold: 99 } as unknown as AlarmDefinition;
    const { change } = planAlarms(desired(ONE), ours([drifted]));
    expect(change).toEqual([
      {
        alarm,
        fields: [
          { field: 'Threshold', from: 99, to: 0 },
          { field: 'AlarmActions', from: undefined, to: ['arn:topic'] },
        ],
      },
    ]);
  });

  test('does not see a change in what CloudWatch fills in or puts in another order', () => {
    const described = {
      ...desired(ONE)[0],
      Dimensions: [
        { Name: 'Rule', Value: 'one' },
        { Name: 'Stage', Value: 'prod' },
      ],
      InsufficientDataActions: [],
      Metrics: [],
      DatapointsToAlarm: undefined,
    } as unknown as AlarmDefinition;
    expect(planAlarms(desired(ONE), ours([described])).unchanged).toEqual([NAME]);
  });

  test('never touches an alarm without the tag: one that is wanted is a conflict', () => {
    const foreign = (definition: AlarmDefinition) => ({ definition, ours: false });
    const [one, other] = desired(alarmed('one', { severity: 'low' }), alarmed('other'));
    const plan = planAlarms(desired(ONE), [foreign(one as never), foreign(other as never)]);
    expect(plan).toEqual({ create: [], change: [], delete: [], unchanged: [], conflicts: [NAME] });
  });

  test('comes from a compiled configuration', () => {
    const config = { snapshot: { rules: [ONE] }, settings: { alarms: { composite: true } } };
    expect(names(alarmPlanFor(config, [], OPTIONS).create)).toEqual([
      NAME,
      'flowlog-alerts/prod/severity/medium',
    ]);
  });
});

describe('for any rules before and after', () => {
  const rule = fc
    .record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      above: fc.integer({ min: 0, max: 2 }),
      severity: fc.constantFrom('low', 'high'),
      title: fc.constantFrom('x', 'y'),
      band: fc.boolean(),
    })
    .map(({ id, above, severity, title, band }) =>
      alarmed(id, {
        severity: severity as 'low' | 'high',
        title,
        alarm: band
          ? { band: above + 1, period: 60, periods: 1, of: 1 }
          : { above, period: 60, periods: 1, of: 1 },
      }),
    );
  const rules = fc.uniqueArray(rule, { selector: ({ id }) => id, maxLength: 4 });
  const config = fc
    .record({ rules, composite: fc.boolean() })
    .map(({ rules, composite }) => desiredAlarms(rules, { ...OPTIONS, composite }));

  test('carrying the plan out leads to what is wanted, and then there is nothing to do', () => {
    fc.assert(
      fc.property(config, config, (before, after) => {
        const plan = planAlarms(after, ours(before));
        const account = new Map(before.map((alarm) => [alarm.AlarmName, alarm]));
        for (const { AlarmName } of plan.delete) account.delete(AlarmName);
        for (const alarm of [...plan.create, ...plan.change.map((change) => change.alarm)]) {
          account.set(alarm.AlarmName, alarm);
        }
        const again = planAlarms(after, ours([...account.values()]));
        expect(again.unchanged).toEqual(names(after));
        expect([again.create, again.change, again.delete]).toEqual([[], [], []]);
        const touched = plan.create.length + plan.change.length + plan.unchanged.length;
        expect(touched).toBe(after.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a plan as text', () => {
  test('has a line for each alarm that is touched, and a sum', () => {
    const [taken] = desired(alarmed('taken'));
    const plan = planAlarms(
      desired(
        alarmed('one', { alarm: { above: 5, period: 60, periods: 1, of: 1 } }),
        alarmed('new'),
        alarmed('taken'),
      ),
      [
        ...ours(desired(ONE, alarmed('old'))),
        { definition: taken as AlarmDefinition, ours: false },
      ],
    );
    const [made, changed, deleted, conflict] = alarmPlanLines(plan);
    expect(made).toBe('+ alarm flowlog-alerts/prod/rule/new');
    expect(changed).toMatch(
      /^~ alarm flowlog-alerts\/prod\/rule\/one: AlarmDescription ".*, Threshold 0 -> 5$/,
    );
    expect(deleted).toBe('- alarm flowlog-alerts/prod/rule/old');
    expect(conflict).toBe(
      '! alarm flowlog-alerts/prod/rule/taken: there is one of this name without the tag of this stage; it is left alone, so rename or delete it',
    );
    expect(alarmPlanSummary(plan)).toBe(
      'Alarms: 1 made, 1 changed, 1 deleted, 0 unchanged, 1 conflict.',
    );
  });
});
