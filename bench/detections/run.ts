/** Replays three weeks in a row: one to learn from, one without and one with attacks. */
import type { Alert } from '../../src/alerts/alert.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { ATTACK_NAMES } from '../../src/generator/week/attacks.ts';
import { WEEK_FIELDS } from '../../src/generator/week/lines.ts';
import { MONDAY, WEEK } from '../../src/generator/week/time.ts';
import { weekBlocks } from '../../src/generator/week/week.ts';
import { batchIdentity } from '../../src/map/1-decode/identity.ts';
import type { Batch } from '../../src/map/1-decode/lines.ts';
import { linesOfText } from '../../src/map/1-decode/text.ts';
import { parseLayout } from '../../src/records/layout.ts';
import { ReplayEngine } from '../../src/replay/engine.ts';
import type { CompiledRule } from '../../src/rules/compiled.ts';
import { packOf } from './packs.ts';

/** What the tables need of an alert. */
export interface Finding {
  readonly rule: string;
  /** The group's values; of a rule without a group, the samples' values. */
  readonly names: ReadonlySet<string>;
  readonly group: string;
  /** Unix seconds. */
  readonly start: number;
  readonly end: number;
}

export interface Findings {
  readonly normal: readonly Finding[];
  readonly attacked: readonly Finding[];
  /** Records of the week without attacks. */
  readonly records: number;
  readonly malformed: number;
  readonly seconds: number;
}

export interface RunOptions {
  readonly seed: number;
  readonly scale: number;
  readonly format: 'v2' | 'v5';
  /** Whether to hold the weeks against the public rules too, which remember far more. */
  readonly others: boolean;
}

/** Seconds, as deployed; the weeks come in order, and memory is what a day of them would take otherwise. */
const LATENESS = 1_800;
const BLOCK = 600;
const FROM = MONDAY - 2 * WEEK;

export function replayWeeks(snapshot: Snapshot, options: RunOptions): Findings {
  const began = process.hrtime.bigint();
  const own = new Replay(snapshot, ({ id }) => packOf(id) === 'built in');
  // Public rules have nothing to learn and are spared the first week.
  const others = options.others
    ? new Replay(snapshot, ({ id }) => packOf(id) !== 'built in')
    : undefined;
  const layouts = [parseLayout(WEEK_FIELDS[options.format])];
  let records = 0;
  let time = FROM;
  for (const lines of weekBlocks({
    ...options,
    from: FROM,
    to: MONDAY + WEEK,
    attacks: ATTACK_NAMES,
  })) {
    if (time >= MONDAY - WEEK && time < MONDAY) records += lines.length;
    const batch: Batch = {
      lines: linesOfText(Buffer.from(`${lines.join('\n')}\n`)),
      source: { kind: 'file', name: 'weeks.log' },
      layouts,
      identity: batchIdentity('weeks.log', String(time)),
    };
    own.feed(batch);
    if (time >= MONDAY - WEEK) others?.feed(batch);
    time += BLOCK;
    if (process.stderr.isTTY) process.stderr.write(`\r${new Date(time * 1_000).toISOString()} `);
  }
  const findings = [...own.finish(), ...(others?.finish() ?? [])];
  return {
    normal: findings.filter(({ end }) => end > MONDAY - WEEK && end <= MONDAY),
    attacked: findings.filter(({ end }) => end > MONDAY),
    records,
    malformed: own.engine.totals.malformed,
    seconds: Number(process.hrtime.bigint() - began) / 1e9,
  };
}

/** One pack's engine and what it found so far. */
class Replay {
  readonly engine: ReplayEngine;
  readonly #findings: Finding[] = [];

  constructor(snapshot: Snapshot, wanted: (rule: CompiledRule) => boolean) {
    const rules = snapshot.rules.filter(wanted);
    this.engine = new ReplayEngine(
      { ...snapshot, rules },
      { lateness: LATENESS, settles: 'as time passes' },
    );
  }

  feed(batch: Batch): void {
    this.engine.feed(batch);
    this.#keep(this.engine.take());
  }

  finish(): readonly Finding[] {
    this.#keep(this.engine.finish());
    return this.#findings;
  }

  #keep(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      if (alert.status !== 'resolved') this.#findings.push(findingOf(alert));
    }
  }
}

function findingOf({ rule, group, window, evidence }: Alert): Finding {
  const values = Object.values(group);
  const named =
    values.length > 0 ? values : evidence.samples.flatMap((sample) => Object.values(sample));
  return {
    rule: rule.id,
    names: new Set(named.map(String)),
    group: values.join(' '),
    start: Date.parse(window.start) / 1_000,
    end: Date.parse(window.end) / 1_000,
  };
}
