/** A firing window as the alert people read: evidence, sources, how far to trust it. */
import type { Alert, AlertSource, RecordMap } from '../../alerts/alert.ts';
import { alertLinks } from '../../alerts/links.ts';
import { measureOfRule, renderMessage } from '../../alerts/message.ts';
import { formatsFor } from '../../config/glob.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import { TEST_ALERT_RULE } from '../../config/system-rules.ts';
import { TALKERS } from '../../log/digest.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import { recordOfLine } from '../../records/record-map.ts';
import type { CompiledRule } from '../../rules/compiled.ts';
import { groupKey, joinSamples, joinTop } from '../1-merge/group-memory.ts';
import type { Episode, GroupState, ShardState, SlotState, TopCounts } from '../state.ts';
import { alertId } from './alert-id.ts';
import { thresholdOf, type Window } from './windows.ts';

/** Sources and values of a field that an alert names. */
const MOST_NAMED = 5;
/** A source that has not been heard of for this long does not cover the alert's window; seconds. */
const COVERED_WITHIN = 900;

export interface AlertContext {
  readonly stage: string;
  readonly snapshot: Snapshot;
  readonly state: ShardState;
}

export function buildAlert(
  context: AlertContext,
  matched: MatchedRule,
  group: GroupState,
  window: Window,
  episode: Episode,
  detectedAt: number,
): Alert {
  const { rule } = matched;
  const evidence = sumOf(window.slots);
  const samples = evidence.samples.map(({ format, line }) => recordOfLine(format, line));
  const groupMap = mapOfGroup(rule, group);
  const threshold = thresholdOf(matched);
  const sources = sourcesOf(context.state, window.slots);
  const span = {
    start: iso(window.end - (matched.slots - 1) * matched.slot),
    end: iso(window.end + matched.slot),
  };
  const firstGroup = sources.find((source) => source.logGroup)?.logGroup;
  const formats = firstGroup && formatsFor(context.snapshot.formats, firstGroup);
  return {
    version: 1,
    type: rule.id === TEST_ALERT_RULE.id ? 'test' : 'alert',
    stage: context.stage,
    id: alertId(rule.id, groupKey(group.values), episode.start),
    seq: Math.max(0, episode.seq - 1),
    status: 'firing',
    rule: ruleOf(rule),
    group: groupMap,
    window: span,
    firstSeen: iso(evidence.first),
    lastSeen: iso(evidence.last),
    detectedAt: iso(detectedAt),
    value: window.value,
    threshold,
    measure: measureOfRule(rule),
    suppressed: episode.suppressed,
    message: renderMessage({
      rule,
      group: groupMap,
      ...(samples[0] ? { sample: samples[0] } : {}),
      value: window.value,
      threshold,
      count: evidence.records,
    }),
    evidence: {
      records: evidence.records,
      bytes: evidence.bytes,
      packets: evidence.packets,
      samples,
      top: topOf(rule, evidence.top),
    },
    sources,
    visibility: visibilityOf(context.state, window.slots, detectedAt),
    links: alertLinks({ window: span, group: groupMap, sources, ...(formats ? { formats } : {}) }),
    context: {},
    to: rule.to,
  };
}

export function ruleOf(rule: CompiledRule): Alert['rule'] {
  const { id, title, severity, tags, references, runbook } = rule;
  return { id, title, severity, tags, references, ...(runbook ? { runbook } : {}) };
}

/** ISO 8601 UTC, to the second. @param seconds Unix seconds */
export function iso(seconds: number): string {
  return new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}

function mapOfGroup(rule: CompiledRule, group: GroupState): RecordMap {
  return Object.fromEntries(
    rule.by.flatMap(({ field }, i) => {
      const value = group.values[i];
      return value === null || value === undefined ? [] : [[field, value]];
    }),
  );
}

function sumOf(slots: readonly SlotState[]): Omit<SlotState, 'slot' | 'arrival'> {
  const total = {
    records: 0,
    bytes: 0,
    packets: 0,
    sum: 0,
    first: Infinity,
    last: 0,
    samples: [] as SlotState['samples'],
    top: {} as TopCounts,
    sources: [],
  };
  for (const slot of slots) {
    total.records += slot.records;
    total.bytes += slot.bytes;
    total.packets += slot.packets;
    total.first = Math.min(total.first, slot.first);
    total.last = Math.max(total.last, slot.last);
    total.samples = joinSamples(total.samples, slot.samples);
    total.top = joinTop(total.top, slot.top);
  }
  return total;
}

function topOf(rule: CompiledRule, top: TopCounts): Alert['evidence']['top'] {
  const grouped = new Set(rule.by.map(({ field }) => field));
  const out: Record<string, (readonly [string, number])[]> = {};
  for (const field of TALKERS) {
    const known = grouped.has(field) ? [] : (top[field] ?? []);
    if (known.length > 0) {
      out[field] = known.slice(0, MOST_NAMED).map(([value, count]) => [String(value), count]);
    }
  }
  return out;
}

function countsBySource(slots: readonly SlotState[]): [number, number][] {
  const counts = new Map<number, number>();
  for (const slot of slots) {
    for (const [source, records] of slot.sources) {
      counts.set(source, (counts.get(source) ?? 0) + records);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function sourcesOf(state: ShardState, slots: readonly SlotState[]): AlertSource[] {
  return countsBySource(slots)
    .slice(0, MOST_NAMED)
    .flatMap(([number, records]) => {
      const source = state.sources[number]?.source;
      if (!source) return [];
      const { kind, name, account, region } = source;
      return [
        {
          ...(account ? { account } : {}),
          ...(region ? { region } : {}),
          [kind]: name,
          records,
        },
      ];
    });
}

function visibilityOf(
  state: ShardState,
  slots: readonly SlotState[],
  detectedAt: number,
): Alert['visibility'] {
  let lines = 0;
  let malformed = 0;
  let skipped = 0;
  let covered = true;
  for (const [number] of countsBySource(slots)) {
    const source = state.sources[number];
    if (!source) continue;
    for (const minute of source.minutes.values()) {
      lines += minute.records + minute.malformed + minute.skipData;
      malformed += minute.malformed;
      skipped += minute.skipData;
    }
    if (detectedAt - source.arrival > COVERED_WITHIN) covered = false;
  }
  const share = (part: number) => (lines === 0 ? 0 : Math.round((part / lines) * 10_000) / 10_000);
  const last = slots.reduce((latest, slot) => Math.max(latest, slot.last), 0);
  return {
    skipped: share(skipped),
    malformed: share(malformed),
    lagSeconds: Math.max(0, Math.round(detectedAt - last)),
    covered,
  };
}
