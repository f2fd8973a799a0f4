import type { Snapshot } from '../config/snapshot.ts';
import type { Batch } from '../map/1-decode/lines.ts';
import { compileRuleSet } from '../map/4-match/rule-set.ts';
import type { Mapped } from '../map/map.ts';
import type { LogEntry } from '../ports/digest-log.ts';
import { ReplayEngine } from '../replay/engine.ts';
import { DigestCost, type Written } from './digest-cost.ts';

/** A replay that also finds out what deployed functions would write. */
export class ForecastEngine extends ReplayEngine {
  readonly #cost: DigestCost;

  /** @param unitsOf write units that an entry is billed as */
  constructor(snapshot: Snapshot, unitsOf: (entry: LogEntry) => number) {
    super(snapshot);
    this.#cost = new DigestCost(compileRuleSet(snapshot), snapshot.settings.maxGroups, unitsOf);
  }

  get written(): Written {
    return this.#cost.written;
  }

  override map(batch: Batch): Mapped {
    this.#cost.add(batch);
    return super.map(batch);
  }
}

/** Rules in shadow as if they were live: a forecast is about what they would send. */
export function withoutShadow(snapshot: Snapshot): Snapshot {
  const rules = snapshot.rules.map((rule) =>
    rule.mode === 'shadow' ? { ...rule, mode: 'live' as const } : rule,
  );
  return { ...snapshot, rules };
}
