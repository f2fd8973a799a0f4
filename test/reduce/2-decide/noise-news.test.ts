import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import { compileRuleSet, type RuleSet } from '../../../src/map/4-match/rule-set.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/reduce/3-checkpoint/checkpoint.ts';
import { type Decision, Reducer } from '../../../src/reduce/reducer.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';
import { aFlow, anEntry, aTick, NOON } from '../flows.ts';
import { aCount, aRule, aSnapshot } from '../rules.ts';

const HOUR = 3_600;
const DAY = 86_400;
const MIDNIGHT = NOON - 12 * HOUR;

/** A deployed reducer that is saved and restored between any two calls. */
class Deployed {
  readonly #rules: readonly CompiledRule[];
  #state: Uint8Array | undefined;
  #number = 0;

  constructor(rule: Partial<CompiledRule>, ...others: readonly CompiledRule[]) {
    this.#rules = [aRule({ message: '{srcaddr} came', ...rule }), ...others];
  }

  get #set(): RuleSet {
    return compileRuleSet(aSnapshot(this.#rules));
  }

  /** Days of which a budget is remembered. */
  get days(): number[] {
    const state = decodeCheckpoint(this.#state as Uint8Array);
    return [...state.rules.values()].flatMap(({ noise }) =>
      (noise?.days ?? []).map(([day]) => day),
    );
  }

  #with<T>(act: (reducer: Reducer) => T): T {
    const state = this.#state && decodeCheckpoint(this.#state);
    const reducer = new Reducer(this.#set, { stage: 'test', shard: 0 }, state);
    const result = act(reducer);
    reducer.state.outbox = [];
    this.#state = encodeCheckpoint(reducer.state);
    return result;
  }

  /** Strangers never seen before, at so many seconds after midnight. */
  come(seconds: number, count = 1): Decision[] {
    return this.#with((reducer) => {
      const flows = Array.from({ length: count }, () => {
        const n = this.#number++;
        return aFlow(MIDNIGHT + seconds, { srcaddr: `198.51.${n >> 8}.${n & 255}` });
      });
      const at = (MIDNIGHT + seconds + 60) * 1_000;
      reducer.apply(anEntry(this.#set, flows, at, { name: String(this.#number) }));
      return reducer.takeDecisions();
    });
  }

  tick(seconds: number): Alert[] {
    return this.#with((reducer) => {
      reducer.apply(aTick((MIDNIGHT + seconds) * 1_000));
      return reducer.takeDecisions().map(({ alert }) => alert);
    });
  }
}

const reasons = (decisions: readonly Decision[]) => decisions.map(({ reason }) => reason);
const services = (alerts: readonly Alert[]) => alerts.filter(({ type }) => type === 'service');

describe('A promotion', () => {
  const promote = { after: 2 * HOUR, below: 2 };

  test('is told to the owner once, with what the rule would have sent', () => {
    const deployed = new Deployed({ mode: 'shadow', promote });
    expect(reasons(deployed.come(0))).toEqual(['shadow']);
    expect(services(deployed.tick(60))).toEqual([]);
    deployed.come(2 * HOUR + 1_800);
    const told = services(deployed.tick(2 * HOUR + 2_400));
    expect(told).toMatchObject([
      {
        rule: { id: 'flowlog-alerts', title: 'A rule in shadow is live', severity: 'info' },
        message: expect.stringMatching(
          /^The rule rule \(A rule\) sends alerts from 2026-11-23T02:00:00Z on: in 2 hours in shadow it would have sent 0, fewer than 2\./,
        ),
        to: [],
      },
    ]);
    expect(services(deployed.tick(2 * HOUR + 2_460))).toEqual([]);
    expect(reasons(deployed.come(3 * HOUR))).toContain('notified');
  });

  test('comes for a rule that never fires, and for no other rule', () => {
    const quiet = aCount(1_000, 600, { id: 'quiet', mode: 'shadow', promote });
    const deployed = new Deployed({ mode: 'shadow' }, quiet);
    const told: Alert[] = [];
    for (let minute = 0; minute < 150; minute += 5) {
      deployed.come(minute * 60);
      told.push(...services(deployed.tick(minute * 60 + 120)));
    }
    expect(told).toMatchObject([{ message: expect.stringContaining('The rule quiet') }]);
  });
});

describe('A budget', () => {
  const budget = { perDay: 3 };

  test('that is spent is told to the owner once a day, before what it holds', () => {
    const deployed = new Deployed({ budget });
    expect(reasons(deployed.come(HOUR, 3))).toEqual(['notified', 'notified', 'notified']);
    const more = deployed.come(2 * HOUR, 2);
    expect(reasons(more).filter((one) => one === 'budget')).toHaveLength(2);
    expect(services(more.map(({ alert }) => alert))).toMatchObject([
      {
        rule: { title: 'A rule is over its budget' },
        message: expect.stringContaining('has sent the 3 alerts that its budget allows in a day'),
      },
    ]);
    expect(services(deployed.come(3 * HOUR, 2).map(({ alert }) => alert))).toEqual([]);
  });

  test('gives one summary of the day, with the number and names of what it held', () => {
    const deployed = new Deployed({ budget });
    deployed.come(HOUR, 18);
    expect(deployed.tick(DAY - 60)).toEqual([]);
    deployed.come(DAY + 600);
    const summaries = deployed.tick(DAY + 900).filter(({ type }) => type === 'summary');
    expect(summaries).toMatchObject([
      {
        rule: { id: 'rule' },
        value: 15,
        threshold: 3,
        window: { start: '2026-11-23T00:00:00Z', end: '2026-11-24T00:00:00Z' },
        to: ['default'],
        message: expect.stringMatching(
          /^A rule: 15 more alerts in a day were held back by its budget of 3: 198.*came; .* and 5 more$/,
        ),
      },
    ]);
    expect(deployed.tick(DAY + 960)).toEqual([]);
  });

  test('that is kept tells nobody anything', () => {
    const deployed = new Deployed({ budget });
    expect(reasons(deployed.come(HOUR, 3))).toEqual(['notified', 'notified', 'notified']);
    deployed.come(DAY + 600);
    expect(deployed.tick(DAY + 900)).toEqual([]);
    deployed.come(2 * DAY + 600);
    expect(deployed.tick(2 * DAY + 900)).toEqual([]);
  });

  test('says when a day was within it again, and sends from then on', () => {
    const deployed = new Deployed({ budget });
    deployed.come(HOUR, 5);
    expect(reasons(deployed.come(DAY + HOUR))).toEqual(['budget']);
    deployed.tick(DAY + HOUR + 900);
    expect(reasons(deployed.come(2 * DAY + HOUR))).toEqual(['notified']);
    const told = deployed.tick(2 * DAY + HOUR + 120);
    expect(told.map(({ type }) => type).sort()).toEqual(['service', 'summary']);
    expect(services(told)).toMatchObject([
      {
        rule: { title: 'A rule is within its budget again' },
        message: expect.stringContaining('had 1 alert in a day, and its budget is 3'),
      },
    ]);
    expect(deployed.tick(2 * DAY + HOUR + 180)).toEqual([]);
  });

  test('is forgotten day by day', () => {
    const deployed = new Deployed({ budget });
    for (let day = 0; day < 12; day++) {
      deployed.come(day * DAY + HOUR, 5);
      deployed.tick(day * DAY + HOUR + 1_200);
    }
    expect(deployed.days.at(-1)).toBe(MIDNIGHT + 11 * DAY);
    expect(deployed.days.length).toBeLessThanOrEqual(4);
  });
});
