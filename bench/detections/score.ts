/** Alerts a day, and which attack was found by whom. */
import type { Snapshot } from '../../src/config/snapshot.ts';
import { ATTACK_NAMES, ATTACKS, type AttackName } from '../../src/generator/week/attacks.ts';
import { MONDAY } from '../../src/generator/week/time.ts';
import { type Pack, packOf, settles } from './packs.ts';
import type { Finding, Findings } from './run.ts';

const DAYS = 7;
const SETTLE = 300;

export interface Noise {
  readonly rule: string;
  readonly pack: Pack;
  readonly perDay: number;
  /** Its commonest groups with how often. */
  readonly groups: readonly (readonly [string, number])[];
}

export interface Hit {
  readonly rule: string;
  readonly pack: Pack;
  /** Seconds from the attack's first record to the decision. */
  readonly after: number;
}

export interface Verdict {
  readonly attack: AttackName;
  readonly hits: readonly Hit[];
  /** The first of the rules that must find it. */
  readonly found: Hit | undefined;
}

/** Every rule with its alerts a day in the week without attacks, loudest first. */
export function noiseOf(snapshot: Snapshot, { normal }: Findings): Noise[] {
  return snapshot.rules
    .filter(({ id }) => id !== 'test-alert')
    .map(({ id }) => {
      const alerts = normal.filter(({ rule }) => rule === id);
      const groups = new Map<string, number>();
      for (const { group } of alerts) groups.set(group, (groups.get(group) ?? 0) + 1);
      const loudest = [...groups].sort((a, b) => b[1] - a[1]).slice(0, 5);
      return { rule: id, pack: packOf(id), perDay: alerts.length / DAYS, groups: loudest };
    })
    .sort((a, b) => b.perDay - a.perDay);
}

/** What was said of each attack while it lasted, first first. */
export function verdictsOf(snapshot: Snapshot, findings: Findings): Verdict[] {
  // What is said of the same group without any attack as well tells nothing.
  const usual = new Set(findings.normal.map(({ rule, group }) => `${rule} ${group}`));
  const unusual = findings.attacked.filter(({ rule, group }) => !usual.has(`${rule} ${group}`));
  const slow = new Set(snapshot.rules.filter(settles).map(({ id }) => id));
  return ATTACK_NAMES.map((attack) => {
    const { at, lasts, marks, rules } = ATTACKS[attack];
    const began = MONDAY + at;
    const about = ({ start, end, names }: Finding): boolean =>
      end > began && start < began + lasts && marks.some((mark) => names.has(mark));
    const hits = new Map<string, Hit>();
    for (const { rule, end } of unusual.filter(about)) {
      const after = end - began + (slow.has(rule) ? SETTLE : 0);
      const earlier = hits.get(rule);
      if (!earlier || after < earlier.after) hits.set(rule, { rule, pack: packOf(rule), after });
    }
    const inOrder = [...hits.values()].sort((a, b) => a.after - b.after);
    const wanted: readonly string[] = rules;
    return { attack, hits: inOrder, found: inOrder.find(({ rule }) => wanted.includes(rule)) };
  });
}
