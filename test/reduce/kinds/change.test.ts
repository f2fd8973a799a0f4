import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryDigestLog } from '../../../src/adapters/local/memory-digest-log.ts';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { LogEntry } from '../../../src/ports/digest-log.ts';
import { Position } from '../../../src/reduce/rebuild/position.ts';
import { Rebuild } from '../../../src/reduce/rebuild/rebuild.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';
import { deliveries, logAround, logOf, type Plan, somePlan } from './delivery.ts';
import { namedGroup } from './named.ts';
import { alertedOf } from './oracle/firings.ts';
import { is, ruleOf, says } from './rule.ts';
import { recent, ruleSetOf, Shard, tailOf } from './shards.ts';
import { KINDS, TRAFFIC } from './traffic/index.ts';
import type { Case } from './traffic/parts.ts';

/** Notifications, each with all that makes it one. */
const told = (alerts: readonly Alert[]) =>
  alerts.map(({ rule, id, seq, status }) => `${rule.id} ${id} ${seq} ${status}`).sort();

const firing = (rules: readonly CompiledRule[], alerts: readonly Alert[]) => {
  const all = alerts.filter(({ status }) => status === 'firing');
  return new Set(all.map((alert) => namedGroup(rules, alert)));
};

const all = (shard: Shard, log: readonly LogEntry[]) => log.flatMap((entry) => shard.apply(entry));

/** Deliveries, and which of them is the first after a change. */
function changing({ lines, rules }: Case, plan: Plan, share: number) {
  const batches = deliveries(lines, plan);
  const from = Math.floor(batches.length * share);
  const after = new Set(batches.slice(from).flatMap((batch) => batch.lines));
  return { batches, from, after, tail: tailOf(rules) };
}

const someShare = fc.constantFrom(0.2, 0.4, 0.6, 0.8);

describe.each(KINDS)('rules of kind %s', (kind) => {
  test('go on from an old checkpoint as they did, when the log is run again from there', () => {
    const points = fc.record({ saved: fc.nat(60), back: fc.nat(20) });
    fc.assert(
      fc.property(TRAFFIC[kind], somePlan, points, (some, plan, { saved, back }) => {
        const set = ruleSetOf(some);
        const log = logOf(set, deliveries(some.lines, plan), { tail: tailOf(some.rules) });
        const at = Math.min(saved, log.length - 1);
        const shard = new Shard(set);
        all(shard, log.slice(0, at + 1));
        const body = shard.save();
        const sent = all(shard, log.slice(at + 1));
        const other = new Shard(set);
        other.load(body);
        const again = log.slice(Math.max(0, at - back)).filter(recent(log[at]));
        expect(told(all(other, again))).toEqual(told(sent));
        expect(other.state).toEqual(shard.state);
      }),
      { numRuns: 10 },
    );
  });

  test('keep their memory when only their words change', () => {
    fc.assert(
      fc.property(TRAFFIC[kind], somePlan, someShare, (some, plan, share) => {
        const { batches, from, tail } = changing(some, plan, share);
        const set = ruleSetOf(some);
        const renamed = some.rules.map((rule) => ({ ...rule, title: 'New', severity: 'low' }));
        const next = ruleSetOf({ ...some, rules: renamed as CompiledRule[] });
        const [before, after] = logAround(set, batches, { tail, change: { from, set: next } });
        const shard = new Shard(set);
        const sent = all(shard, before);
        shard.restart(next);
        sent.push(...all(shard, after));
        expect(told(sent)).toEqual(told(all(new Shard(set), logOf(set, batches, { tail }))));
      }),
      { numRuns: 10 },
    );
  });

  test('keep their memory when another rule changes, and that one starts afresh', () => {
    fc.assert(
      fc.property(TRAFFIC[kind], somePlan, someShare, (some, plan, share) => {
        const { batches, from, after: later, tail } = changing(some, plan, share);
        const other = ruleOf({ kind: 'count', above: 1 }, { id: 'other', window: 300 });
        const changed = { ...other, match: says('action', 'ACCEPT') };
        const rules = { old: [...some.rules, other], new: [changed, ...some.rules] };
        const set = ruleSetOf({ ...some, rules: rules.old });
        const next = ruleSetOf({ ...some, rules: rules.new });
        const [before, after] = logAround(set, batches, { tail, change: { from, set: next } });
        const shard = new Shard(set);
        const sent = all(shard, before);
        shard.restart(next);
        sent.push(...all(shard, after));
        const alone = all(new Shard(ruleSetOf(some)), logOf(ruleSetOf(some), batches, { tail }));
        const own = sent.filter(({ rule }) => rule.id !== 'other');
        expect(told(own)).toEqual(told(alone));

        const { lines, filters } = some;
        const earlier = new Set(lines.filter((line) => !later.has(line)));
        const world = { lines, filters, clock: Infinity };
        const expected = new Set([
          ...alertedOf({ ...world, rules: [other], evaluated: earlier }),
          ...alertedOf({ ...world, rules: [changed], evaluated: later }),
        ]);
        const others = sent.filter(({ rule }) => rule.id === 'other');
        expect(firing([other], others)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  test('start afresh when their match changes', () => {
    fc.assert(
      fc.property(TRAFFIC[kind], somePlan, someShare, (some, plan, share) => {
        const { batches, from, after: later, tail } = changing(some, plan, share);
        const rules = some.rules.map((rule) => {
          // Also those that feed it: what they find later is a step all the same.
          const match = { all: [rule.match, { not: is('dstport', 22) }] };
          return { ...rule, match };
        });
        const set = ruleSetOf(some);
        const next = ruleSetOf({ ...some, rules });
        const [before, after] = logAround(set, batches, { tail, change: { from, set: next } });
        const shard = new Shard(set);
        const first = firing(rules, all(shard, before));
        shard.restart(next);
        const second = firing(rules, all(shard, after));
        const expected = alertedOf({ ...some, rules, evaluated: later, clock: Infinity });
        const own = (names: Iterable<string>) =>
          [...names].filter((name) => name.startsWith(`${kind} `)).sort();
        // What was open before may go on in silence.
        const fresh = own(expected).filter((name) => !first.has(name));
        expect(own(second).filter((name) => !expected.includes(name))).toEqual([]);
        expect(own(second)).toEqual(expect.arrayContaining(fresh));
      }),
      { numRuns: 10 },
    );
  });

  test('alert the same when their memory is made again for more shards', async () => {
    await fc.assert(
      fc.asyncProperty(TRAFFIC[kind], somePlan, someShare, async (some, plan, share) => {
        const { batches, from, tail } = changing(some, plan, share);
        const set = ruleSetOf(some);
        const change = { from, set, shards: 3 };
        const [before, after] = logAround(set, batches, { tail, change });
        const shard = new Shard(set);
        const sent = all(shard, before);
        const digests = new MemoryDigestLog();
        for (const entry of before) await digests.put(entry);
        const now = () => before.at(-1)?.at ?? 0;
        const options = { stage: 'test', shards: 3, written: [0], now };
        const rebuild = new Rebuild(digests, set, options);
        if (before.length > 0) await rebuild.advance(new Map([[0, new Position(shard.state)]]));
        const shards = [0, 1, 2].map((i) => new Shard(set, rebuild.state(i), i));
        for (const entry of after) sent.push(...shards[entry.shard].apply(entry));
        const expected = alertedOf({ ...some, clock: Infinity });
        expect([...firing(some.rules, sent)].sort()).toEqual(expected);
        // Each shard tells for itself that a source is silent.
        const once = sent.filter((alert) => !namedGroup(some.rules, alert).includes(' source '));
        expect(new Set(told(once)).size).toBe(once.length);
      }),
      { numRuns: 8 },
    );
  });
});
