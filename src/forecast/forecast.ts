/** From what two sets of rules would have sent to what a change of rules will bring. */
import { PRICES } from '../prices.ts';
import type { Written } from './digest-cost.ts';

const DAY = 86_400;
const DAYS_PER_MONTH = 30;
/** Bytes of a table are kept this long, in months. */
const KEPT_MONTHS = 15 / DAYS_PER_MONTH;

/** What one set of rules came to over some traffic. */
export interface Tried {
  /** By rule: notifications, those a storm folded, and how often each group was alerted. */
  readonly rules: ReadonlyMap<
    string,
    {
      readonly alerts: number;
      readonly folded: number;
      readonly groups: ReadonlyMap<string, number>;
    }
  >;
  readonly written?: Written;
}

export interface RuleForecast {
  readonly rule: string;
  readonly shadow: boolean;
  /** Notifications a day; absent where the rule is not in that set. */
  readonly before?: number;
  readonly after?: number;
  /** Those of them that a storm would fold, a day. */
  readonly folded: number;
  /** Groups alerted by one set and not by the other. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

export interface RuleNames {
  readonly ids: ReadonlySet<string>;
  readonly shadow: ReadonlySet<string>;
}

/**
 * Rules that send anything in either set, or are in one of them alone; the greatest change first.
 * @param seconds of traffic that was tried
 */
export function forecastRules(
  before: (Tried & RuleNames) | undefined,
  after: Tried & RuleNames,
  seconds: number,
): RuleForecast[] {
  const ids = new Set([...(before?.rules.keys() ?? []), ...after.rules.keys()]);
  if (before) {
    for (const id of after.ids) if (!before.ids.has(id)) ids.add(id);
    for (const id of before.ids) if (!after.ids.has(id)) ids.add(id);
  }
  const rows = [...ids].map((rule): RuleForecast => {
    const [old, now] = [before?.rules.get(rule), after.rules.get(rule)];
    const groups = (one: typeof now) => [...(one?.groups.keys() ?? [])];
    return {
      rule,
      shadow: after.shadow.has(rule),
      ...(before?.ids.has(rule) && { before: perDay(old?.alerts ?? 0, seconds) }),
      ...(after.ids.has(rule) && { after: perDay(now?.alerts ?? 0, seconds) }),
      folded: perDay(now?.folded ?? 0, seconds),
      gained: before ? groups(now).filter((group) => !old?.groups.has(group)) : [],
      lost: groups(old).filter((group) => !now?.groups.has(group)),
    };
  });
  const change = ({ before: was = 0, after: is = 0 }: RuleForecast) => Math.abs(is - was);
  return rows.sort(
    (a, b) =>
      change(b) - change(a) ||
      b.gained.length + b.lost.length - a.gained.length - a.lost.length ||
      (a.rule < b.rule ? -1 : 1),
  );
}

/** Of traffic of less than a day, the day is taken to go on like it. */
function perDay(count: number, seconds: number): number {
  return (count * DAY) / seconds;
}

/** US dollars a month of writing and keeping digests, where traffic goes on as it was. */
export function dollarsAMonth({ bytes, units }: Written, seconds: number): number {
  const months = (DAYS_PER_MONTH * DAY) / seconds;
  return months * (units * PRICES.writeUnit + bytes * PRICES.tableByteMonth * KEPT_MONTHS);
}
