import { describe, expect, test } from '@jest/globals';
import type { CompiledSilence } from '../../../src/config/snapshot.ts';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import { MANY_HIDDEN } from '../../../src/reduce/2-decide/hidden.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/reduce/3-checkpoint/checkpoint.ts';
import { type Decision, Reducer } from '../../../src/reduce/reducer.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';
import { aFlow, anEntry, type Flow, NOON } from '../flows.ts';
import { aCount, aRule, aSnapshot } from '../rules.ts';

const minute = (n: number) => NOON + n * 60;

function aSilence(given: Partial<CompiledSilence> = {}): CompiledSilence {
  return { id: 'works', match: { rule: ['rule'] }, until: minute(30), reason: '', ...given };
}

/** A reducer of some rules and silences, fed minute by minute. */
function watching(rules: readonly CompiledRule[], silences: readonly CompiledSilence[]) {
  const set = compileRuleSet({ ...aSnapshot(rules), silences });
  let reducer = new Reducer(set, { stage: 'prod' });
  let batches = 0;
  return {
    state: () => reducer.state,
    restart: () => {
      const state = decodeCheckpoint(encodeCheckpoint(reducer.state));
      reducer = new Reducer(set, { stage: 'prod' }, state);
    },
    feed(flows: readonly Flow[]): Decision[] {
      const at = (Math.max(...flows.map(({ start }) => start)) + 60) * 1_000;
      reducer.apply(anEntry(set, flows, at, { name: String(batches++) }));
      return reducer.takeDecisions();
    },
  };
}

const told = (decisions: readonly Decision[]) =>
  decisions.map(({ reason, silence }) => (silence ? `${reason} ${silence}` : reason));

describe('a silence', () => {
  test('holds back what meets it, and says which it was', () => {
    const { feed, state } = watching([aRule()], [aSilence()]);
    expect(told(feed([aFlow(minute(0))]))).toEqual(['silenced works']);
    expect(state().outbox).toEqual([]);
  });

  test('lets through what does not meet it', () => {
    const silence = aSilence({ match: { rule: ['rule'], srcaddr: ['198.51.100.0/24'] } });
    const { feed } = watching([aRule(), aRule({ id: 'other' })], [silence]);
    const decisions = feed([aFlow(minute(0)), aFlow(minute(0), { srcaddr: '192.0.2.1' })]);
    expect(
      decisions.map(({ alert, reason }) => [alert.rule.id, alert.group.srcaddr, reason]),
    ).toEqual([
      ['other', '192.0.2.1', 'notified'],
      ['other', '198.51.100.7', 'notified'],
      ['rule', '192.0.2.1', 'notified'],
      ['rule', '198.51.100.7', 'silenced'],
    ]);
  });

  test('is asked about the slot that fired, whenever its records came', () => {
    const { feed } = watching([aRule()], [aSilence()]);
    feed([aFlow(minute(60), { srcaddr: '192.0.2.1' })]);
    expect(told(feed([aFlow(minute(29))]))).toEqual(['silenced works']);
    expect(told(feed([aFlow(minute(30))]))).toEqual(['notified']);
  });

  test('starts no cooldown: the next firing after its end is told, as the same alert', () => {
    const { feed } = watching([aRule()], [aSilence()]);
    const [before] = feed([aFlow(minute(29))]);
    const [after] = feed([aFlow(minute(30))]);
    expect([before.reason, after.reason]).toEqual(['silenced', 'notified']);
    expect(after.alert).toMatchObject({ id: before.alert.id, seq: 0, suppressed: 1 });
    expect(told(feed([aFlow(minute(31))]))).toEqual(['cooldown']);
  });

  test('that is taken away lets the very slot through that it held back', () => {
    const { feed, state } = watching([aRule()], [aSilence()]);
    const [held] = feed([aFlow(minute(0))]);
    const set = compileRuleSet(aSnapshot([aRule()]));
    const without = new Reducer(set, { stage: 'prod' }, state());
    without.apply(anEntry(set, [aFlow(minute(0))], (minute(2) + 1) * 1_000, { name: 'again' }));
    without.apply(anEntry(set, [aFlow(minute(0))], (minute(2) + 2) * 1_000, { name: 'more' }));
    const decisions = without.takeDecisions();
    expect(told(decisions)).toEqual(['notified']);
    expect(decisions[0].alert.id).toBe(held.alert.id);
  });

  test('counts for no storm', () => {
    const silence = aSilence({ match: { srcaddr: ['198.51.100.0/24'] } });
    const { feed } = watching([aRule({ storm: 1 })], [silence]);
    const flows = [aFlow(minute(0)), aFlow(minute(0), { srcaddr: '203.0.113.1' })];
    expect(told(feed(flows)).sort()).toEqual(['notified', 'silenced works']);
  });

  test('of hours holds in those hours of each week alone', () => {
    const during = { days: [1], from: 12 * 60, to: 12 * 60 + 5, zone: 'UTC' };
    const { until: _, ...weekly } = aSilence({ during });
    const { feed } = watching([aRule({ cooldown: 0 })], [weekly]);
    const at = (n: number) => told(feed([aFlow(minute(n), { srcaddr: `192.0.2.${n + 1}` })]));
    expect([at(0), at(4), at(5)].flat()).toEqual(['silenced works', 'silenced works', 'notified']);
  });

  test('holds a repetition back, and never the end of what was told', () => {
    const rule = aCount(0, 120, { id: 'rule', cooldown: 300, repeat: 600, resolve: true });
    const { feed } = watching([rule], [aSilence({ from: minute(5), until: minute(60) })]);
    expect(told(feed([aFlow(minute(0))]))).toEqual(['notified']);
    const later = [4, 8, 12].flatMap((n) => feed([aFlow(minute(n))]));
    for (const n of [16, 26, 40])
      later.push(...feed([aFlow(minute(n), { srcaddr: `192.0.2.${n}` })]));
    const mine = later.filter(
      ({ alert }) => alert.group.srcaddr === '198.51.100.7' && alert.status !== 'firing',
    );
    expect(mine.map(({ reason, alert }) => [reason, alert.status, alert.seq])).toEqual([
      ['silenced', 'updated', 0],
      ['notified', 'resolved', 1],
    ]);
  });

  test('never holds back a test alert', () => {
    const rule = aRule({ id: 'test-alert' });
    const { feed } = watching([rule], [aSilence({ match: { rule: ['*'] } })]);
    expect(told(feed([aFlow(minute(0))]))).toEqual(['notified']);
  });

  test('leaves what a rule in mode shadow says as it is', () => {
    const { feed } = watching([aRule({ mode: 'shadow' })], [aSilence()]);
    expect(told(feed([aFlow(minute(0))]))).toEqual(['shadow']);
  });

  test('may name the source of the records', () => {
    const at = (logGroup: string) => aSilence({ match: { logGroup: [logGroup] } });
    expect(told(watching([aRule()], [at('/vpc/*')]).feed([aFlow(minute(0))]))).toEqual([
      'silenced works',
    ]);
    expect(told(watching([aRule()], [at('/tgw/*')]).feed([aFlow(minute(0))]))).toEqual([
      'notified',
    ]);
  });
});

describe('a silence that hides a lot', () => {
  const rules = [aRule()];
  const strangers = (from: number, to: number, at = 0) =>
    Array.from({ length: to - from }, (_, i) =>
      aFlow(minute(at), { srcaddr: `198.51.${(from + i) >> 8}.${(from + i) & 255}` }),
    );
  const service = (decisions: readonly Decision[]) =>
    decisions.map(({ alert }) => alert).filter(({ type }) => type === 'service');

  test('is told to the owner at the hundredth notification, once, through the outbox', () => {
    const { feed, state, restart } = watching(rules, [aSilence({ reason: 'moving house' })]);
    expect(service(feed(strangers(0, MANY_HIDDEN - 1)))).toEqual([]);
    restart();
    const [alert] = service(feed(strangers(200, 201)));
    expect(alert).toMatchObject({
      type: 'service',
      status: 'firing',
      rule: { id: 'flowlog-alerts', severity: 'info' },
      value: 100,
      message:
        'The silence works (moving house) has held back 100 notifications so far and ends 2026-11-23T12:30:00Z. If that is not meant: flowlog-alerts silence rm works --stage prod',
    });
    expect(state().outbox.map(({ item }) => item)).toEqual([alert]);
    restart();
    expect(service(feed(strangers(300, 500)))).toEqual([]);
  });

  test('counts an alert once, however often it fires', () => {
    const { feed, state } = watching(rules, [aSilence()]);
    for (let n = 0; n < 5; n++) feed([aFlow(minute(n))]);
    expect(state().hidden.get('works')).toEqual({ count: 1 });
  });

  test('is forgotten when it is taken away: one of the same id begins anew', () => {
    const { feed, state } = watching(rules, [aSilence()]);
    feed([aFlow(minute(0))]);
    const without = new Reducer(compileRuleSet(aSnapshot(rules)), { stage: 'prod' }, state());
    expect(without.state.hidden.size).toBe(0);
  });
});
