/**
 * What rules must decide, worked out from the lines alone and in the plainest way: every window of
 * every group is looked at, nothing is remembered, nothing of the engine is used.
 */
import type { CompiledRule, SequenceStep } from '../../../../src/rules/compiled.ts';
import type { Line } from '../record.ts';
import { absences } from './absent.ts';
import { beacon } from './beacon.ts';
import { connections, distinct, every, records } from './count.ts';
import { firstSights } from './new.ts';
import { ratio } from './ratio.ts';
import { type StepInput, sequence } from './sequence.ts';
import { spike } from './spike.ts';
import { sum } from './sum.ts';
import { unanswered } from './unanswered.ts';
import { slottingOf } from './windows.ts';
import { type Firing, firstStart, grouped, intervalOf, matching, type World } from './world.ts';

/** Every window that fires, of all rules. A silent source stands as the group `source NAME`. */
export function firingsOf(world: World): Firing[] {
  return world.rules.flatMap((rule) => ofRule(world, rule));
}

/** `rule group` of all that must be told of, sorted. */
export function alertedOf(world: World): string[] {
  const live = new Set(world.rules.filter(({ mode }) => mode === 'live').map(({ id }) => id));
  const told = firingsOf(world).filter(({ rule }) => live.has(rule));
  return [...new Set(told.map(({ rule, group }) => `${rule} ${group}`))].sort();
}

function ofRule(world: World, rule: CompiledRule): Firing[] {
  if (rule.detect.kind === 'sequence') return ofSequence(world, rule, rule.detect.steps);
  const groups = grouped(rule, matching(world, rule, rule.match));
  return [...groups].flatMap(([group, own]) =>
    ofGroup(world, rule, group, own).map((firing) => ({ rule: rule.id, ...firing })),
  );
}

function ofGroup(
  world: World,
  rule: CompiledRule,
  group: string,
  own: readonly Line[],
): Omit<Firing, 'rule'>[] {
  const { detect } = rule;
  if (detect.kind !== 'absent')
    return slotsFired(world, rule, own).map((slot) => ({ group, slot }));
  const { missed, silent } = absences(own, detect, world.lines, world.clock);
  return [
    ...missed.map((slot) => ({ group, slot })),
    ...silent.map(({ source, slot }) => ({ group: `source ${source}`, slot })),
  ];
}

function slotsFired(world: World, rule: CompiledRule, own: readonly Line[]): number[] {
  const { detect } = rule;
  const slotting = slottingOf(rule);
  switch (detect.kind) {
    case 'every':
      return every(own, slotting);
    case 'count':
      return detect.of === 'connections'
        ? connections(own, slotting, detect.above)
        : records(own, slotting, detect.above);
    case 'sum':
      return sum(own, slotting, detect.above, detect.field);
    case 'distinct':
      return distinct(own, slotting, detect.above, detect.fields);
    case 'ratio':
      return ratio(own, slotting, detect);
    case 'spike':
      return spike(own, slotting, detect, firstStart(world));
    case 'new':
      return firstSights(own, detect, firstStart(world));
    case 'beacon':
      return beacon(own, slotting, detect, intervalOf(world, own));
    case 'unanswered':
      return unanswered(own, slotting, detect.min, intervalOf(world, own), world);
    default:
      throw new Error(`the oracle does not know how to judge ${detect.kind}`);
  }
}

function ofSequence(world: World, rule: CompiledRule, steps: readonly SequenceStep[]): Firing[] {
  const inputs = steps.map((step) => inputsOf(world, rule, step));
  const groups = new Set(inputs.flatMap((byGroup) => [...byGroup.keys()]));
  return [...groups].flatMap((group) => {
    const own = inputs.map((byGroup, i) => byGroup.get(group) ?? nothingFor(steps[i]));
    return sequence(steps, own, slottingOf(rule)).map((slot) => ({ rule: rule.id, group, slot }));
  });
}

function nothingFor(step: SequenceStep): StepInput {
  return 'rule' in step ? { fired: [] } : { flows: [] };
}

/** What each group of a sequence has for one of its steps. */
function inputsOf(world: World, rule: CompiledRule, step: SequenceStep): Map<string, StepInput> {
  if ('rule' in step) return firedFor(world, rule, step.rule);
  const flows = matching(world, rule, { all: [rule.match, step.match] });
  return new Map([...grouped(rule, flows)].map(([group, own]) => [group, { flows: own }]));
}

/** Firings of another rule, by the values its groups have for the fields of this one's. */
function firedFor(world: World, rule: CompiledRule, id: string): Map<string, StepInput> {
  const other = world.rules.find((one) => one.id === id);
  if (other === undefined) throw new Error(`no rule ${id} for a step of ${rule.id}`);
  const places = rule.by.map(({ field }) => other.by.findIndex((one) => one.field === field));
  const fired = new Map<string, { fired: number[] }>();
  for (const { group, slot } of ofRule(world, other)) {
    if (group.startsWith('source ')) continue;
    const values: unknown[] = JSON.parse(group);
    const key = JSON.stringify(places.map((place) => values[place]));
    const known = fired.get(key) ?? { fired: [] };
    known.fired.push(slot);
    fired.set(key, known);
  }
  return fired;
}
