import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { compileRuleSet, type RuleSet } from '../../src/map/4-match/rule-set.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/reduce/3-checkpoint/checkpoint.ts';
import { Reducer } from '../../src/reduce/reducer.ts';
import { newState, type ShardState } from '../../src/reduce/state.ts';
import { decoded, type Flow } from './flows.ts';
import { alertedGroups, notifications } from './oracle.ts';
import { aSnapshot } from './rules.ts';
import { cut, inOrder, logOf, outOfOrder, someFlows, someLengths, someRules } from './traffic.ts';

const SETTLE = 300;

/** A shard's reducer that loses its memory wherever it is told to, and has only its checkpoint. */
class Shard {
  readonly #set: RuleSet;
  #reducer: Reducer;

  constructor(set: RuleSet, state: ShardState = newState()) {
    this.#set = set;
    this.#reducer = new Reducer(set, { stage: 'test' }, state);
  }

  get state(): ShardState {
    return this.#reducer.state;
  }

  apply(entry: LogEntry): Alert[] {
    this.#reducer.apply(decoded(entry));
    return this.#reducer
      .takeDecisions()
      .filter(({ reason }) => reason === 'notified')
      .map(({ alert }) => alert);
  }

  restart(): void {
    const state = decodeCheckpoint(encodeCheckpoint(this.state));
    this.#reducer = new Reducer(this.#set, { stage: 'test' }, state);
  }
}

/** The group as the oracle writes it: the rule's values in the order of its `by`. */
function groupOf(set: RuleSet, alert: Alert): string {
  const by = set.rules.find(({ rule }) => rule.id === alert.rule.id)?.rule.by ?? [];
  return JSON.stringify(by.map(({ field }) => alert.group[field] ?? null));
}

function lateRecords({ metrics, metricsOutbox }: ShardState): number {
  const points = [...metrics.values(), ...metricsOutbox.flatMap(({ item }) => item)];
  return points.filter(({ name }) => name === 'LateRecords').length;
}

describe('what is alerted is a function of the records alone', () => {
  test('not of batches, order within settle, redelivery, shards or restarts', () => {
    const delivery = fc.record({
      delays: fc.array(fc.nat(SETTLE - 1), { minLength: 1, maxLength: 8 }),
      lengths: someLengths,
      shards: fc.integer({ min: 1, max: 4 }),
      again: fc.array(fc.nat(20), { maxLength: 6 }),
      restarts: fc.array(fc.nat(20), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(someRules, someFlows(5_400), delivery, (rules, flows, how) => {
        const set = compileRuleSet(aSnapshot(rules));
        const batches = cut(outOfOrder(flows, how.delays), how.lengths);
        const log = logOf(set, batches, how.shards);
        const shards = Array.from({ length: how.shards }, () => new Shard(set));
        const alerted = new Set<string>();
        const apply = (entry: LogEntry) => {
          for (const alert of shards[entry.shard].apply(entry)) {
            alerted.add(`${alert.rule.id} ${groupOf(set, alert)}`);
          }
        };
        log.forEach((entry, i) => {
          apply(entry);
          if (how.again.includes(i))
            log
              .slice(0, i + 1)
              .filter(recent(entry))
              .forEach(apply);
          if (how.restarts.includes(i)) for (const shard of shards) shard.restart();
        });
        expect(shards.map(({ state }) => lateRecords(state))).toEqual(shards.map(() => 0));
        expect([...alerted].sort()).toEqual(alertedGroups(rules, flows));
      }),
      { numRuns: 400 },
    );
  });
});

describe('for input in order', () => {
  const sent = (rules: RuleSet, flows: readonly Flow[], lengths: readonly number[]) => {
    const shard = new Shard(rules);
    return logOf(rules, cut(inOrder(flows), lengths)).map((entry) => shard.apply(entry));
  };
  const line = (set: RuleSet, { rule, id, status, window }: Alert, group: string) => {
    const slot = set.rules.find((one) => one.rule.id === rule.id)?.slot ?? 0;
    expect(status).toBe('firing');
    return { rule: rule.id, slot: Date.parse(window.end) / 1_000 - slot, id, group };
  };

  test('the notifications are the same for every batching, and by slot, rule and group', () => {
    fc.assert(
      fc.property(someRules, someFlows(14_400), someLengths, (rules, flows, lengths) => {
        const set = compileRuleSet(aSnapshot(rules));
        const batches = sent(set, flows, lengths).map((alerts) =>
          alerts.map((alert) => line(set, alert, groupOf(set, alert))),
        );
        const ordered = (lines: readonly ReturnType<typeof line>[]) =>
          [...lines]
            .sort((a, b) => a.slot - b.slot || order(a.rule, b.rule) || order(a.group, b.group))
            .map(({ rule, slot, id, group }) => `${rule} ${group} ${slot} ${id}`);
        for (const lines of batches) {
          expect(
            lines.map(({ rule, group, slot, id }) => `${rule} ${group} ${slot} ${id}`),
          ).toEqual(ordered(lines));
        }
        expect(ordered(batches.flat())).toEqual(notifications(rules, flows, SETTLE));
      }),
      { numRuns: 250 },
    );
  });

  test('they are sent in the order in which they are handed out', () => {
    fc.assert(
      fc.property(someRules, someFlows(3_600), someLengths, (rules, flows, lengths) => {
        const set = compileRuleSet(aSnapshot(rules));
        const shard = new Shard(set);
        const log = logOf(set, cut(inOrder(flows), lengths));
        const handed = log.flatMap((entry) => shard.apply(entry)).map(({ id }) => id);
        expect(shard.state.outbox.map(({ item }) => item.id)).toEqual(handed);
      }),
      { numRuns: 100 },
    );
  });
});

describe('memory', () => {
  const how = fc.record({
    delays: fc.array(fc.nat(SETTLE - 1), { minLength: 1, maxLength: 8 }),
    lengths: someLengths,
    at: fc.array(fc.record({ after: fc.nat(20), from: fc.nat(20), to: fc.nat(20) }), {
      minLength: 1,
      maxLength: 4,
    }),
  });
  const logBy = (
    set: RuleSet,
    flows: readonly Flow[],
    { delays, lengths }: { delays: number[]; lengths: number[] },
  ) => logOf(set, cut(outOfOrder(flows, delays), lengths));

  test('is not changed by entries that come again, whole batches or parts of them', () => {
    fc.assert(
      fc.property(someRules, someFlows(5_400), how, (rules, flows, plan) => {
        const set = compileRuleSet(aSnapshot(rules));
        const log = logBy(set, flows, plan);
        const once = new Shard(set);
        const often = new Shard(set);
        log.forEach((entry, i) => {
          const alerts = once.apply(entry);
          expect(often.apply(entry)).toEqual(alerts);
          for (const { after, from, to } of plan.at) {
            if (after !== i) continue;
            const again = log.slice(Math.min(from, i), Math.min(to, i) + 1).filter(recent(entry));
            expect(again.flatMap((old) => often.apply(old))).toEqual([]);
          }
        });
        expect(often.state).toEqual(once.state);
      }),
      { numRuns: 300 },
    );
  });

  test('that was saved and loaded goes on exactly like memory that was never lost', () => {
    fc.assert(
      fc.property(someRules, someFlows(5_400), how, (rules, flows, plan) => {
        const set = compileRuleSet(aSnapshot(rules));
        const kept = new Shard(set);
        const lost = new Shard(set);
        logBy(set, flows, plan).forEach((entry, i) => {
          expect(lost.apply(entry)).toEqual(kept.apply(entry));
          if (plan.at.some(({ after }) => after === i)) lost.restart();
        });
        expect(lost.state).toEqual(kept.state);
        lost.restart();
        expect(lost.state).toEqual(kept.state);
      }),
      { numRuns: 300 },
    );
  });
});

/** A stream hands nothing out again that is an hour older. */
function recent(now: LogEntry): (entry: LogEntry) => boolean {
  return ({ at }) => at > now.at - 3_500_000;
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
