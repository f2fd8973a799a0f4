/** Which day a rule has been noisy, and when one in shadow has been quiet for long enough. */
import type { CompiledRule, Mode } from '../../rules/compiled.ts';
import type { BudgetDay, Episode, NoiseState, RuleState } from '../state.ts';
import { keepNamed } from './named.ts';

/** Budgets are counted per rule and day of event time, in UTC. */
export const DAY_SECONDS = 86_400;

/** What a rule is at a time: one in shadow that was promoted by then is live. */
export function modeAt({ mode, promote }: CompiledRule, memory: RuleState, slot: number): Mode {
  const promoted = promote === undefined ? undefined : memory.noise?.promoted;
  return mode === 'shadow' && promoted !== undefined && slot >= promoted ? 'live' : mode;
}

function noiseOf(memory: RuleState): NoiseState {
  memory.noise ??= {};
  return memory.noise;
}

/**
 * Promotes a rule in shadow where it was quiet for as long as it asks before `time`. Its time in
 * shadow begins with the first call, and again when what it remembers or its mode is changed.
 * @param time event time of what is to be decided
 * @returns whether it has been promoted by then
 */
export function promoteBy(rule: CompiledRule, memory: RuleState, time: number): boolean {
  if (rule.mode !== 'shadow' || rule.promote === undefined) {
    if (memory.noise?.watched !== undefined) memory.noise = withoutShadow(memory.noise);
    return false;
  }
  const noise = noiseOf(memory);
  noise.watched ??= time;
  const promoted = noise.promoted ?? quietSince(rule.promote, noise, time);
  if (promoted !== undefined) noise.promoted = promoted;
  return promoted !== undefined && promoted <= time;
}

/** When it had been quiet for long enough, if that was by `time`. */
function quietSince(
  { after, below }: NonNullable<CompiledRule['promote']>,
  { watched = 0, would = [] }: NoiseState,
  time: number,
): number | undefined {
  // With fewer than `below` behind it the window reaches as far back as the time in shadow.
  const oldest = would.length < below ? watched : Math.max(watched, would[would.length - below]);
  return oldest + after <= time ? oldest + after : undefined;
}

function withoutShadow({ days }: NoiseState): NoiseState {
  return days ? { days } : {};
}

/** Remembers an alert that a rule in shadow would have sent. */
export function noteShadow(rule: CompiledRule, memory: RuleState, slot: number): void {
  if (rule.promote === undefined) return;
  const noise = noiseOf(memory);
  noise.would = [...(noise.would ?? []), slot].sort((a, b) => a - b).slice(-rule.promote.below);
}

const dayOf = (slot: number) => Math.floor(slot / DAY_SECONDS) * DAY_SECONDS;

/** Whether more came in a day than the budget allows, told or held. */
export function isOver(day: BudgetDay | undefined, perDay: number): boolean {
  return day !== undefined && day.sent + day.folded > perDay;
}

function dayBefore(memory: RuleState, day: number): BudgetDay | undefined {
  return memory.noise?.days?.find(([start]) => start === day - DAY_SECONDS)?.[1];
}

/**
 * Whether the day's budget lets an alert go out; if not, it is counted for the day's summary, once.
 * A day that follows one over budget is held whole.
 */
export function withinBudget(
  { budget }: CompiledRule,
  memory: RuleState,
  episode: Episode,
  slot: number,
  arrival: number,
): boolean {
  if (budget === undefined) return true;
  const day = theDay(memory, slot, arrival);
  const held = isOver(dayBefore(memory, dayOf(slot)), budget.perDay) || day.sent >= budget.perDay;
  if (held && episode.held !== dayOf(slot)) {
    episode.held = dayOf(slot);
    day.folded++;
  }
  return !held;
}

/** Counts an alert that was told. */
export function spend(
  { budget }: CompiledRule,
  memory: RuleState,
  slot: number,
  arrival: number,
): void {
  if (budget !== undefined) theDay(memory, slot, arrival).sent++;
}

/** Remembers a held alert for the day's summary, which names those of the greatest value. */
export function nameHeld(memory: RuleState, slot: number, value: number, message: string): void {
  const day = memory.noise?.days?.find(([start]) => start === dayOf(slot))?.[1];
  if (!day) return;
  const named = day.groups.some(([, name]) => name === message);
  if (named) return;
  keepNamed(day.groups, value, message);
}

/** True once, for the first alert that is held after days within the budget. */
export function beginsHolding({ budget }: CompiledRule, memory: RuleState, slot: number): boolean {
  const day = memory.noise?.days?.find(([start]) => start === dayOf(slot))?.[1];
  if (budget === undefined || !day || day.begun) return false;
  day.begun = true;
  return !isOver(dayBefore(memory, dayOf(slot)), budget.perDay);
}

function theDay(memory: RuleState, slot: number, arrival: number): BudgetDay {
  const noise = noiseOf(memory);
  noise.days ??= [];
  const start = dayOf(slot);
  let day = noise.days.find(([one]) => one === start)?.[1];
  if (!day) {
    day = { sent: 0, folded: 0, told: 0, summaries: 0, arrival, groups: [] };
    noise.days.push([start, day]);
  }
  day.arrival = Math.max(day.arrival, arrival);
  return day;
}

/** Forgets days that can no longer decide anything, which is two days after them. */
export function forgetDays(memory: RuleState, now: number, lateness: number): void {
  const { noise } = memory;
  if (!noise?.days) return;
  noise.days = noise.days.filter(([start, { told, folded, arrival }]) => {
    const end = Math.max(start + 3 * DAY_SECONDS, arrival);
    // A day dated far ahead of its arrival must not stay for years.
    const over = Math.min(end, arrival + 4 * DAY_SECONDS);
    return told !== folded || now <= over + lateness;
  });
}
