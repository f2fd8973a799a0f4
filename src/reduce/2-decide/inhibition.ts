/**
 * Open alerts that hold back others. Whether one is open at a slot follows from its firings in
 * earlier slots alone, so that for input in order it does not matter how that came in batches.
 */
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import { mayInhibit } from '../../rules/inhibition.ts';
import { groupKey } from '../1-merge/group-memory.ts';
import type { Episode, GroupState, RuleState, ShardState } from '../state.ts';
import { alertId } from './alert-id.ts';
import { quietSeconds } from './episodes.ts';
import type { Firing } from './firing.ts';

/** The open alert that holds another one back. */
export interface Inhibitor {
  readonly rule: string;
  readonly id: string;
}

/** A rule that holds others back, and its groups by the values that must be equal. */
interface Source {
  readonly matched: MatchedRule;
  readonly equal: readonly string[];
  groups?: Map<string, Set<string>>;
}

export class Inhibition {
  readonly #state: ShardState;
  readonly #settle: number;
  /** By the rule that is held back. */
  readonly #sources = new Map<string, Source[]>();
  readonly #inhibiting = new Map<string, Source>();

  /** @param settle seconds */
  constructor(rules: readonly MatchedRule[], state: ShardState, settle: number) {
    this.#state = state;
    this.#settle = settle;
    for (const matched of rules) {
      const { inhibits, id } = matched.rule;
      if (!inhibits) continue;
      const source: Source = { matched, equal: inhibits.equal };
      this.#inhibiting.set(id, source);
      for (const { rule } of rules) {
        if (!mayInhibit(matched.rule, rule)) continue;
        this.#sources.set(rule.id, [...(this.#sources.get(rule.id) ?? []), source]);
      }
    }
  }

  /** The open alert that holds back a firing, or a message that is due, at a slot. */
  inhibitorOf({
    matched,
    group,
    slot,
  }: Pick<Firing, 'matched' | 'group' | 'slot'>): Inhibitor | undefined {
    for (const source of this.#sources.get(matched.rule.id) ?? []) {
      const key = equalKey(source, matched, group);
      const memory = this.#state.rules.get(source.matched.rule.id);
      if (key === undefined || !memory) continue;
      for (const name of this.#groupsOf(source, memory).get(key) ?? []) {
        const other = memory.groups.get(name);
        const open = other?.episodes.find((episode) => this.#isOpen(source, episode, slot));
        if (!other || !open) continue;
        const { id } = source.matched.rule;
        return { rule: id, id: alertId(id, groupKey(other.values), open.start) };
      }
    }
    return undefined;
  }

  /** Takes in that a group has fired. */
  fired({ matched, group }: Pick<Firing, 'matched' | 'group'>): void {
    const source = this.#inhibiting.get(matched.rule.id);
    if (source?.groups) index(source, source.groups, group);
  }

  /**
   * From the slot after the first firing until one slot after the last one's quiet time: the shift at
   * both ends is what makes firings in the slot itself, which may or may not be known, not matter.
   */
  #isOpen({ matched }: Source, { first, last }: Episode, slot: number): boolean {
    const end = last + 2 * matched.slot + quietSeconds(matched, this.#settle);
    return first + matched.slot <= slot && slot < end;
  }

  /** Made when first asked for: a reducer lives for one batch, and most of them fire nothing. */
  #groupsOf(source: Source, memory: RuleState): ReadonlyMap<string, ReadonlySet<string>> {
    if (!source.groups) {
      source.groups = new Map();
      for (const group of memory.groups.values()) {
        if (group.episodes.length > 0) index(source, source.groups, group);
      }
    }
    return source.groups;
  }
}

function index(source: Source, groups: Map<string, Set<string>>, group: GroupState): void {
  const key = equalKey(source, source.matched, group);
  if (key === undefined) return;
  const names = groups.get(key);
  if (names) names.add(groupKey(group.values));
  else groups.set(key, new Set([groupKey(group.values)]));
}

/** The values that must be equal, of a group of either rule; undefined where it lacks one. */
function equalKey({ equal }: Source, { rule }: MatchedRule, group: GroupState): string | undefined {
  if (group.names !== undefined) return undefined;
  const values = equal.map((name) => {
    const at = rule.by.findIndex(({ field }) => field === name);
    return group.values[at] ?? null;
  });
  return values.includes(null) ? undefined : JSON.stringify(values);
}
