/** What holds back an alert that nobody has been told of yet: silences, and open alerts of other rules. */
import type { MatchedAlert } from '../../alerts/alert-match.ts';
import { silenceOf } from '../../alerts/silence.ts';
import type { CompiledSilence } from '../../config/snapshot.ts';
import { RESERVED_IDS } from '../../config/system-rules.ts';
import type { MatchedRule, RuleSet } from '../../map/4-match/rule-set.ts';
import type { GroupState, ShardState, SlotState } from '../state.ts';
import { groupMapOf, sourcesOf } from './alert-parts.ts';
import { Inhibition, type Inhibitor } from './inhibition.ts';

/** Why something is not told, and what says so. */
export type Held =
  | { readonly reason: 'silenced'; readonly silence: CompiledSilence }
  | { readonly reason: 'inhibited'; readonly by: Inhibitor };

/** What is to be told, and when it fired or was due. */
export interface Telling {
  readonly matched: MatchedRule;
  readonly group: GroupState;
  readonly slot: number;
  readonly status: 'firing' | 'updated';
  readonly sources: SlotState['sources'];
}

export class Holds {
  readonly #silences: readonly CompiledSilence[];
  readonly #state: ShardState;
  readonly inhibition: Inhibition;

  constructor({ snapshot, rules }: RuleSet, state: ShardState) {
    this.#silences = snapshot.silences ?? [];
    this.#state = state;
    this.inhibition = new Inhibition(rules, state, snapshot.settings.settle);
  }

  /** Compared with event time, so that a replay holds back the same. */
  holding(telling: Telling): Held | undefined {
    const { rule } = telling.matched;
    if (RESERVED_IDS.has(rule.id)) return undefined;
    if (this.#silences.length > 0) {
      const silence = silenceOf(this.#silences, this.#alertOf(telling), telling.slot);
      if (silence) return { reason: 'silenced', silence };
    }
    const by = this.inhibition.inhibitorOf(telling);
    return by && { reason: 'inhibited', by };
  }

  #alertOf({ matched, group, status, sources }: Telling): MatchedAlert {
    const state = this.#state;
    return {
      type: 'alert',
      status,
      rule: matched.rule,
      group: groupMapOf(matched.rule, group),
      // Few silences name a source.
      get sources() {
        return sourcesOf(state, group, sources, Number.POSITIVE_INFINITY);
      },
    };
  }
}
