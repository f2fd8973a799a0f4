/** What a summary says of the alerts of a run: by severity, by rule, with the group met most often. */
import type { Alert } from '../alerts/alert.ts';
import { groupText } from '../alerts/flow-text.ts';
import { SEVERITIES, type Severity } from '../rules/compiled.ts';

/** Groups a rule's tally tells apart; what comes later only counts. */
const MOST_GROUPS = 10_000;

export interface RuleTally {
  readonly rule: string;
  readonly severity: Severity;
  alerts: number;
  /** Notifications a storm limit would have held back. */
  folded: number;
  /** ISO times of the first and last record that fired. */
  first: string;
  last: string;
  readonly groups: Map<string, number>;
}

export class AlertTally {
  readonly #rules = new Map<string, RuleTally>();

  add(alert: Alert): void {
    if (alert.status !== 'firing') return;
    const tally = this.#tallyOf(alert);
    if (alert.folded) tally.folded++;
    else tally.alerts++;
    if (alert.firstSeen < tally.first) tally.first = alert.firstSeen;
    if (alert.lastSeen > tally.last) tally.last = alert.lastSeen;
    const group = groupText(alert.group);
    if (tally.groups.size < MOST_GROUPS || tally.groups.has(group)) {
      tally.groups.set(group, (tally.groups.get(group) ?? 0) + 1);
    }
  }

  /** Most severe first, then by number. */
  get rules(): RuleTally[] {
    return [...this.#rules.values()].sort(
      (a, b) =>
        SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
        b.alerts - a.alerts ||
        (a.rule < b.rule ? -1 : 1),
    );
  }

  /** Alerts by severity, most severe first, those without left out. */
  get severities(): [Severity, number][] {
    const counts = new Map<Severity, number>();
    for (const { severity, alerts } of this.rules) {
      counts.set(severity, (counts.get(severity) ?? 0) + alerts);
    }
    return [...counts].filter(([, count]) => count > 0);
  }

  get folded(): number {
    return this.rules.reduce((sum, tally) => sum + tally.folded, 0);
  }

  /** Whether any alert is as severe as that, folded or not. */
  reaches(severity: Severity): boolean {
    const least = SEVERITIES.indexOf(severity);
    return this.rules.some((tally) => SEVERITIES.indexOf(tally.severity) >= least);
  }

  #tallyOf(alert: Alert): RuleTally {
    let tally = this.#rules.get(alert.rule.id);
    if (!tally) {
      tally = {
        rule: alert.rule.id,
        severity: alert.rule.severity,
        alerts: 0,
        folded: 0,
        first: alert.firstSeen,
        last: alert.lastSeen,
        groups: new Map(),
      };
      this.#rules.set(alert.rule.id, tally);
    }
    return tally;
  }
}

/** The group alerted most often, with its number where it is not the only one. */
export function topGroup(tally: RuleTally): string {
  let top = '';
  let most = 0;
  for (const [group, count] of tally.groups) {
    if (count > most) {
      top = group;
      most = count;
    }
  }
  return top !== '' && tally.groups.size > 1 && most > 1 ? `${top} (${most})` : top;
}
