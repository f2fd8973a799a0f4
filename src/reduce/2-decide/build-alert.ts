/** A firing as the alert people read: evidence, sources, how far to trust it. */

import type { Alert, AlertSource, RecordMap } from '../../alerts/alert.ts';
import { alertLinks } from '../../alerts/links.ts';
import { measureOfRule } from '../../alerts/measure.ts';
import { renderMessage } from '../../alerts/message.ts';
import { formatsFor } from '../../config/glob.ts';
import { TEST_ALERT_RULE } from '../../config/system-rules.ts';
import { TALKERS } from '../../log/digest.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import { recordOfLine } from '../../records/record-map.ts';
import type { CompiledRule } from '../../rules/compiled.ts';
import { addCount, groupKey, joinSamples, joinTop } from '../1-merge/group-memory.ts';
import { topOfDigest } from '../1-merge/sample-top.ts';
import { linesBetween } from '../1-merge/source-minutes.ts';
import type { Episode, GroupState, ShardState, SlotState, Told, TopCounts } from '../state.ts';
import { alertId } from './alert-id.ts';
import type { Firing } from './firing.ts';
import type { Sequel } from './quiet.ts';
import type { Surroundings } from './view.ts';

/** Sources and values of a field that an alert names. */
const MOST_NAMED = 5;
/** A source tells how much it lost once a minute, after the records: older minutes count too; seconds. */
const VISIBLE_FOR = 900;
/** A source that has not been heard of for this long does not cover the alert's window; seconds. */
const COVERED_WITHIN = 900;

export interface AlertContext extends Surroundings {
  readonly stage: string;
}

/** The alert of a firing. @param detectedAt Unix seconds */
export function buildAlert(
  context: AlertContext,
  firing: Firing,
  episode: Episode,
  detectedAt: number,
): Alert {
  const { rule } = firing.matched;
  const evidence = sumOf(firing.evidence);
  const samples = evidence.samples.map(({ format, line }) => recordOfLine(format, line));
  const { value, threshold } = firing;
  const base = baseOf(context, firing.matched, firing.group, episode, firing, evidence.sources);
  const message = renderMessage({
    rule,
    group: base.group,
    ...(samples[0] ? { sample: samples[0] } : {}),
    value,
    threshold,
    count: evidence.records,
  });
  const some = evidence.records > 0 || evidence.last > 0;
  return {
    ...base,
    firstSeen: iso(some ? evidence.first : firing.start),
    lastSeen: iso(some ? evidence.last : firing.end),
    detectedAt: iso(detectedAt),
    status: 'firing',
    value,
    threshold,
    message,
    evidence: {
      records: evidence.records,
      bytes: evidence.bytes,
      packets: evidence.packets,
      samples,
      top: topOf(rule, evidence.top),
    },
    visibility: visibilityOf(context.state, firing, evidence.sources, evidence.last, detectedAt),
  };
}

/** A later message about an alert that was told: it goes on, or it is over. */
export function buildSequel(context: AlertContext, sequel: Sequel, detectedAt: number): Alert {
  const { matched, group, episode, status, slot } = sequel;
  const told = episode.told ?? NOTHING_TOLD;
  const span = { start: episode.first, end: slot };
  return {
    ...baseOf(context, matched, group, episode, span, told.sources),
    firstSeen: iso(told.first),
    lastSeen: iso(Math.max(told.last, episode.last)),
    detectedAt: iso(detectedAt),
    status,
    value: told.value,
    threshold: told.threshold,
    message: told.message,
    evidence: { records: 0, bytes: 0, packets: 0, samples: [], top: {} },
    visibility: visibilityOf(context.state, span, told.sources, told.last, detectedAt),
  };
}

const NOTHING_TOLD: Told = { message: '', value: 0, threshold: 0, first: 0, last: 0, sources: [] };

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What every message about an episode has. */
function baseOf(
  { state, snapshot, stage }: AlertContext,
  { rule }: MatchedRule,
  group: GroupState,
  episode: Episode,
  { start, end }: Span,
  counts: SlotState['sources'],
) {
  const groupMap = mapOfGroup(rule, group);
  const sources = sourcesOf(state, group, counts);
  const window = { start: iso(start), end: iso(end) };
  const firstGroup = sources.find((source) => source.logGroup)?.logGroup;
  const formats = firstGroup && formatsFor(snapshot.formats, firstGroup);
  return {
    version: 1,
    type: rule.id === TEST_ALERT_RULE.id ? 'test' : 'alert',
    stage,
    id: alertId(rule.id, groupKey(group.values), episode.start),
    seq: Math.max(0, episode.seq - 1),
    rule: ruleOf(rule),
    group: groupMap,
    window,
    measure: measureOfRule(rule),
    suppressed: episode.suppressed,
    sources,
    links: alertLinks({ window, group: groupMap, sources, ...(formats ? { formats } : {}) }),
    context: {},
    to: rule.to,
  } as const;
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
  const names = group.names ?? rule.by.map(({ field }) => field);
  return Object.fromEntries(
    names.flatMap((name, i) => {
      const value = group.values[i];
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );
}

function sumOf(slots: readonly SlotState[]) {
  const total = {
    records: 0,
    bytes: 0,
    packets: 0,
    first: Infinity,
    last: 0,
    samples: [] as SlotState['samples'],
    top: {} as TopCounts,
    sources: [] as SlotState['sources'],
  };
  for (const slot of slots) {
    total.records += slot.records;
    total.bytes += slot.bytes;
    total.packets += slot.packets;
    total.first = Math.min(total.first, slot.first);
    total.last = Math.max(total.last, slot.last);
    total.samples = joinSamples(total.samples, slot.samples);
    total.top = joinTop(total.top, topOfDigest(slot));
    for (const [source, records] of slot.sources) {
      total.sources = addCount(total.sources, source, records);
    }
  }
  total.sources.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
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

/** Those of the evidence; an alert of a source itself names that one. */
function sourcesOf(
  state: ShardState,
  group: GroupState,
  counts: SlotState['sources'],
): AlertSource[] {
  const all = group.names === undefined ? counts : [[group.kept[0], 0] as const];
  return all.slice(0, MOST_NAMED).flatMap(([number, records]) => {
    const source = state.sources[number]?.source;
    if (!source) return [];
    const { kind, name, account, region } = source;
    const where = { ...(account ? { account } : {}), ...(region ? { region } : {}) };
    return [{ ...where, [kind]: name, records }];
  });
}

function visibilityOf(
  state: ShardState,
  { start, end }: Span,
  counts: SlotState['sources'],
  last: number,
  detectedAt: number,
): Alert['visibility'] {
  let lines = 0;
  let malformed = 0;
  let skipped = 0;
  let covered = true;
  for (const [number] of counts) {
    const source = state.sources[number];
    if (!source) continue;
    const totals = linesBetween(source, Math.min(start, end - VISIBLE_FOR), end);
    lines += totals.lines + totals.malformed;
    malformed += totals.malformed;
    skipped += totals.skipped;
    if (detectedAt - source.arrival > COVERED_WITHIN) covered = false;
  }
  const share = (part: number) => (lines === 0 ? 0 : Math.round((part / lines) * 10_000) / 10_000);
  const lagSeconds = last === 0 ? 0 : Math.max(0, Math.round(detectedAt - last));
  return { skipped: share(skipped), malformed: share(malformed), lagSeconds, covered };
}
