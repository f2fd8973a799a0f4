/** What the owner and the channels are told of a rule's noise: promotions, budgets, a day's summary. */

import type { Alert } from '../../alerts/alert.ts';
import { bareAlert } from '../../alerts/bare-alert.ts';
import { cleanLine } from '../../alerts/clean.ts';
import { formatDuration, plural } from '../../alerts/english.ts';
import { iso } from '../../alerts/iso-time.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import type { CompiledRule } from '../../rules/compiled.ts';
import type { BudgetDay, RuleState, ShardState } from '../state.ts';
import { alertId } from './alert-id.ts';
import { ruleOf } from './alert-parts.ts';
import { namedText } from './named.ts';
import { DAY_SECONDS, isOver, promoteBy } from './noise.ts';
import { serviceAlert } from './service-alert.ts';

export interface NewsOptions {
  readonly stage: string;
  /** Each counts by itself. */
  readonly shard: number;
  readonly settle: number;
}

/** Something to tell, and the event time it is about. */
export interface News {
  readonly slot: number;
  readonly alert: Alert;
}

/** The first alert that a budget holds back is told of to the owner. */
export function budgetSpent(
  { stage, shard }: NewsOptions,
  rule: CompiledRule,
  slot: number,
  arrival: number,
): Alert {
  const perDay = rule.budget?.perDay ?? 0;
  const day = Math.floor(slot / DAY_SECONDS) * DAY_SECONDS;
  return serviceAlert(stage, {
    about: `budget ${rule.id} ${shard}`,
    title: 'A rule is over its budget',
    message: `The rule ${rule.id} (${cleanLine(rule.title)}) has sent the ${plural(perDay, 'alert')} that its budget allows in a day. What follows comes in one summary a day, until a day has no more than that.`,
    severity: 'info',
    from: day,
    to: slot,
    value: perDay,
    threshold: perDay,
    detectedAt: arrival,
  });
}

/**
 * What the clock brings: promotions, summaries of days that are over, and rules that are quiet
 * again.
 * @param settled event time up to which everything was judged; 0 at the end of a replay
 * @param clock Unix seconds; Infinity ends every day
 */
export function noiseNews(
  state: ShardState,
  rules: ReadonlyMap<string, MatchedRule>,
  { settled, clock }: { readonly settled: number; readonly clock: number },
  options: NewsOptions,
): News[] {
  const news: News[] = [];
  for (const [id, memory] of state.rules) {
    const rule = rules.get(id)?.rule;
    if (!rule) continue;
    if (settled > 0) news.push(...promotion(rule, memory, settled, state.now / 1000, options));
    if (memory.noise?.days) news.push(...endDays(rule, memory, state.now / 1000, clock, options));
  }
  return news;
}

function promotion(
  rule: CompiledRule,
  memory: RuleState,
  settled: number,
  now: number,
  { stage, shard }: NewsOptions,
): News[] {
  const { promote } = rule;
  if (!promoteBy(rule, memory, settled) || !promote || !memory.noise) return [];
  const { promoted = 0, promotionTold, would = [] } = memory.noise;
  if (promotionTold) return [];
  memory.noise.promotionTold = true;
  const from = promoted - promote.after;
  const sent = would.filter((slot) => slot > from && slot <= promoted).length;
  const alert = serviceAlert(stage, {
    about: `promote ${rule.id} ${shard}`,
    title: 'A rule in shadow is live',
    message: `The rule ${rule.id} (${cleanLine(rule.title)}) sends alerts from ${iso(promoted)} on: in ${formatDuration(promote.after)} in shadow it would have sent ${sent}, fewer than ${promote.below}. Write mode: live into it to keep it so, or mode: shadow without promote to take it back.`,
    severity: 'info',
    from,
    to: promoted,
    value: sent,
    threshold: promote.below,
    detectedAt: now,
  });
  return [{ slot: promoted, alert }];
}

function endDays(
  rule: CompiledRule,
  memory: RuleState,
  now: number,
  clock: number,
  options: NewsOptions,
): News[] {
  const { settle } = options;
  const perDay = rule.budget?.perDay ?? Infinity;
  const news: News[] = [];
  const over = (start: number, arrival: number) =>
    clock >= start + DAY_SECONDS + settle && (clock === Infinity || now >= arrival + settle);
  const days = [...(memory.noise?.days ?? [])].sort(([a], [b]) => a - b);
  for (const [start, day] of days) {
    if (day.folded > day.told && over(start, day.arrival)) {
      news.push({ slot: start, alert: daySummary(rule, start, day, now, options) });
      day.told = day.folded;
      day.summaries++;
      day.groups = [];
    }
    const next = days.find(([one]) => one === start + DAY_SECONDS)?.[1];
    const quiet = isOver(day, perDay) && !isOver(next, perDay) && !day.ended;
    if (quiet && clock !== Infinity && over(start + DAY_SECONDS, next?.arrival ?? 0)) {
      day.ended = true;
      news.push({ slot: start + DAY_SECONDS, alert: quietAgain(rule, start, next, now, options) });
    }
  }
  return news;
}

function quietAgain(
  rule: CompiledRule,
  start: number,
  next: BudgetDay | undefined,
  now: number,
  { stage, shard }: NewsOptions,
): Alert {
  const perDay = rule.budget?.perDay ?? 0;
  const count = (next?.sent ?? 0) + (next?.folded ?? 0);
  return serviceAlert(stage, {
    about: `quiet ${rule.id} ${shard}`,
    title: 'A rule is within its budget again',
    message: `The rule ${rule.id} (${cleanLine(rule.title)}) had ${plural(count, 'alert')} in a day, and its budget is ${perDay}: it sends them one by one again.`,
    severity: 'info',
    from: start + DAY_SECONDS,
    to: start + 2 * DAY_SECONDS,
    value: count,
    threshold: perDay,
    detectedAt: now,
  });
}

function daySummary(
  rule: CompiledRule,
  start: number,
  day: BudgetDay,
  now: number,
  { stage, shard }: NewsOptions,
): Alert {
  const held = day.folded - day.told;
  const end = start + DAY_SECONDS;
  return bareAlert({
    type: 'summary',
    stage,
    id: alertId(rule.id, shard === 0 ? 'budget' : `budget#${shard}`, start),
    seq: day.summaries,
    rule: ruleOf(rule),
    window: { start: iso(start), end: iso(end) },
    detectedAt: iso(Math.max(now, end)),
    value: held,
    threshold: rule.budget?.perDay ?? 0,
    measure: 'alerts',
    suppressed: held,
    message: `${rule.title}: ${plural(held, 'more alert')} in a day were held back by its budget of ${rule.budget?.perDay ?? 0}: ${namedText(day.groups, held)}`,
    to: rule.to,
  });
}
