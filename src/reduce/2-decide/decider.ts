/** From firings to decisions: who is told of what, and why not. */
import type { Alert } from '../../alerts/alert.ts';
import type { Reason } from '../../alerts/reasons.ts';
import type { CompiledSilence, EngineSettings } from '../../config/snapshot.ts';
import type { MatchedRule, RuleSet } from '../../map/4-match/rule-set.ts';
import type { Episode, ShardState, StormState } from '../state.ts';
import type { AlertContext } from './alert-parts.ts';
import { buildAlert } from './build-alert.ts';
import { buildSequel } from './build-sequel.ts';
import { foldedBeyond, judge, nameFolded, STORM_SECONDS } from './episodes.ts';
import { compareFirings, compareText, type Firing } from './firing.ts';
import { type Held, Holds } from './held.ts';
import { countHidden, forgetHidden } from './hidden.ts';
import type { Inhibitor } from './inhibition.ts';
import { beginsHolding, modeAt, nameHeld } from './noise.ts';
import { budgetSpent, type NewsOptions, noiseNews } from './noise-news.ts';
import { closing, foundEnd, type Sequel } from './quiet.ts';
import { beginSince, goesOn, sinceUpdate } from './since-told.ts';
import { stormSummary } from './storm-summary.ts';

/** A firing or a later message, and what became of it. */
export interface Decision {
  readonly reason: Reason;
  /** Slot that fired, or when the message was due. */
  readonly slot: number;
  readonly alert: Alert;
  /** The silence, where the reason is one. */
  readonly silence?: string;
  /** The open alert, where the reason is one. */
  readonly inhibitedBy?: Inhibitor;
}

export interface DeciderOptions {
  readonly context: AlertContext;
  readonly set: RuleSet;
  readonly shard: number;
  readonly maxGroups: number;
  /** Firings of an alert that is open already are decisions too, unless nobody logs them (replay). */
  readonly silent?: 'untold';
  /** Told of every firing that opened an alert, and whether the rule was live then. */
  readonly onOpened: (matched: MatchedRule, live: boolean) => void;
}

export class Decider {
  readonly #options: DeciderOptions;
  readonly #settings: EngineSettings;
  readonly #state: ShardState;
  readonly #holds: Holds;

  constructor(options: DeciderOptions) {
    this.#options = options;
    this.#settings = options.context.snapshot.settings;
    this.#state = options.context.state;
    this.#holds = new Holds(options.set, this.#state);
    forgetHidden(this.#state, options.set.snapshot.silences ?? []);
  }

  /** In the order of slot, rule and group, so that it decides which of many a storm folds. */
  decide(firings: readonly Firing[], arrival: number): Decision[] {
    return [...firings]
      .sort(compareFirings)
      .flatMap((firing) => [...this.#ended(firing, arrival), ...this.#decideOne(firing, arrival)]);
  }

  /** What ended before a group fires again is told first, however late both became known. */
  #ended({ matched, group, slot }: Firing, arrival: number): Decision[] {
    const decisions: Decision[] = [];
    for (const episode of group.episodes) {
      // The same sighting again ends nothing.
      if (episode.over || slot <= episode.last) continue;
      const end = foundEnd(this.#state, matched, group, episode);
      if (end === undefined || end > slot) continue;
      for (const sequel of closing(matched, group, episode, end)) {
        decisions.push(...this.follow(sequel, arrival));
      }
    }
    return decisions;
  }

  #decideOne(firing: Firing, arrival: number): Decision[] {
    const { memory, matched, slot, value, threshold } = firing;
    const { silent, maxGroups, context, onOpened } = this.#options;
    const verdict = judge(firing, this.#settings.settle, arrival, () => {
      const sources = firing.evidence.flatMap((one) => one.sources);
      return this.#holds.holding({ ...firing, status: 'firing', sources });
    });
    const { reason, episode, held } = verdict;
    this.#holds.inhibition.fired(firing);
    if (firing.over !== undefined && !episode.over) episode.ended = firing.over;
    if (verdict.opened) onOpened(matched, modeAt(matched.rule, memory, slot) === 'live');
    goesOn(firing, episode);
    if (!verdict.news && reason !== 'notified') return [];
    if (reason === 'open' || reason === 'cooldown') {
      if (silent === 'untold') return [];
      // Only logged: what was told of the episode says enough, and costs no evidence.
      const sequel = { matched, group: firing.group, episode, status: 'updated', slot } as const;
      const alert = buildSequel(context, sequel, arrival);
      return [{ reason, slot, alert: { ...alert, status: 'firing', value, threshold } }];
    }
    if (reason === 'storm' && foldedBeyond(memory, slot, maxGroups)) return [];
    const alert = buildAlert(context, firing, episode, arrival);
    if (reason === 'notified') {
      episode.suppressed = 0;
      episode.told = {
        message: alert.message,
        value,
        threshold,
        first: Math.min(...firing.evidence.map(({ first }) => first), firing.end),
        last: Math.max(...firing.evidence.map(({ last }) => last), 0) || firing.end,
        sources: firing.evidence.at(-1)?.sources ?? [],
      };
      beginSince(firing, episode);
    }
    if (reason === 'budget') {
      nameHeld(memory, slot, value, alert.message);
      const first = beginsHolding(matched.rule, memory, slot);
      const spent = first ? budgetSpent(this.#news, matched.rule, slot, arrival) : undefined;
      const told = spent ? [{ reason: 'notified' as const, slot, alert: spent }] : [];
      return [{ reason, slot, alert }, ...told];
    }
    if (reason === 'storm') {
      nameFolded(memory, slot, value, alert.message);
      return [{ reason, slot, alert: { ...alert, folded: true } }];
    }
    if (!held) return [{ reason, slot, alert }];
    return this.#heldBack(held, slot, alert, arrival, this.#isNewTo(held, episode));
  }

  /** A silence counts an alert once, however often it fires. */
  #isNewTo(held: Held, episode: Episode): boolean {
    if (held.reason !== 'silenced' || episode.silenced === held.silence.id) return false;
    episode.silenced = held.silence.id;
    return true;
  }

  /** @param counts whether it is a notification more that a silence hides */
  #heldBack(held: Held, slot: number, alert: Alert, arrival: number, counts: boolean): Decision[] {
    if (held.reason === 'inhibited') {
      return [{ reason: held.reason, slot, alert, inhibitedBy: held.by }];
    }
    const decision = { reason: held.reason, slot, alert, silence: held.silence.id };
    const many = counts && this.#countHidden(held.silence, slot, arrival);
    return many ? [decision, { reason: 'notified', slot, alert: many }] : [decision];
  }

  #countHidden(silence: CompiledSilence, slot: number, arrival: number): Alert | undefined {
    const { context, shard } = this.#options;
    return countHidden(this.#state, silence, { stage: context.stage, shard, slot, arrival });
  }

  /** A message about an alert that goes on or is over. An end is told where its beginning was. */
  follow(sequel: Sequel, arrival: number): Decision[] {
    const { context } = this.#options;
    const { matched, episode, status, slot } = sequel;
    if (status === 'updated') {
      const sources = episode.told?.sources ?? [];
      const held = this.#holds.holding({ ...sequel, status, sources });
      if (held) {
        return this.#heldBack(held, slot, buildSequel(context, sequel, arrival), arrival, true);
      }
    }
    episode.seq++;
    const alert = buildSequel(context, sequel, arrival);
    episode.suppressed = 0;
    if (status === 'updated') episode.since = sinceUpdate(matched, episode, slot);
    return [{ reason: 'notified', slot, alert }];
  }

  /**
   * One message for all that a storm folded, when its five minutes have had their time.
   * @param clock Unix seconds; Infinity ends them all
   */
  endStorms(rules: ReadonlyMap<string, MatchedRule>, clock: number): Decision[] {
    const decisions: Decision[] = [];
    for (const [id, { storms }] of this.#state.rules) {
      const matched = rules.get(id);
      if (!matched) continue;
      for (const [bucket, storm] of storms) {
        if (storm.folded === storm.told || !this.#isOver(bucket, storm, clock)) continue;
        decisions.push(this.#summary(matched, bucket, storm, clock));
      }
    }
    return decisions.sort(compareDecisions);
  }

  /**
   * What the clock brings beside storms: rules promoted from shadow, and days of budgets that are over.
   * @param clock Unix seconds; Infinity ends every day
   */
  endDays(rules: ReadonlyMap<string, MatchedRule>, clock: number): Decision[] {
    const settled = clock === Infinity ? 0 : this.#state.settled;
    return noiseNews(this.#state, rules, { settled, clock }, this.#news)
      .map(({ slot, alert }): Decision => ({ reason: 'notified', slot, alert }))
      .sort(compareDecisions);
  }

  get #news(): NewsOptions {
    const { context, shard } = this.#options;
    return { stage: context.stage, shard, settle: this.#settings.settle };
  }

  #isOver(bucket: number, storm: StormState, clock: number): boolean {
    // A source that lags behind the others may be in the middle of it.
    const now = Number.isFinite(clock) ? this.#state.now / 1000 : Infinity;
    const { settle } = this.#settings;
    return clock >= bucket + STORM_SECONDS + settle && now >= storm.arrival + settle;
  }

  #summary({ rule }: MatchedRule, bucket: number, storm: StormState, clock: number): Decision {
    const at = Number.isFinite(clock) ? this.#state.now / 1000 : bucket + STORM_SECONDS;
    const { stage } = this.#options.context;
    const alert = stormSummary(stage, rule, bucket, storm, at, this.#options.shard);
    storm.told = storm.folded;
    storm.summaries++;
    storm.groups = [];
    return { reason: 'notified', slot: bucket, alert };
  }
}

/** By slot, rule and group. */
export function compareDecisions(a: Decision, b: Decision): number {
  return (
    a.slot - b.slot ||
    compareText(a.alert.rule.id, b.alert.rule.id) ||
    compareText(JSON.stringify(a.alert.group), JSON.stringify(b.alert.group))
  );
}
