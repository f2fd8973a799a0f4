/** What has happened since an alert was last told of, for the message that repeats it. */
import type { AlertSeries } from '../../alerts/alert.ts';
import { iso } from '../../alerts/iso-time.ts';
import type { GroupDigest } from '../../log/digest.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import { recordOfLine } from '../../records/record-map.ts';
import { addCount, joinSamples, joinTop } from '../1-merge/group-memory.ts';
import { topOfDigest } from '../1-merge/sample-top.ts';
import type { Episode, GroupState, SinceTold, SlotState } from '../state.ts';
import type { Firing } from './firing.ts';

/** Values of a series between two messages. */
const MOST_VALUES = 60;

/** What a slot, or a digest that is merged into one, adds. */
type Addition = Pick<
  GroupDigest,
  'slot' | 'records' | 'bytes' | 'packets' | 'last' | 'samples' | 'top'
>;

/** Begins when an alert was told that will be repeated. */
export function beginSince({ matched, group, slot }: Firing, episode: Episode): void {
  if (matched.rule.repeat === undefined) return;
  episode.since = sinceTold(matched, slot);
  // What came in the same batch was merged before it was decided that anyone is told.
  for (const one of group.slots) if (one.slot > slot) add(episode.since, one, one.sources);
}

/** Takes in that an alert that was told of has fired again. */
export function goesOn({ matched, value, evidence }: Firing, { since }: Episode): void {
  if (!since) return;
  since.value = value;
  // Such a rule keeps no slots: each firing is of what has just come.
  if (matched.rule.window !== undefined || matched.rule.detect.kind !== 'every') return;
  for (const one of evidence) add(since, one, one.sources);
}

/** @param slot that the message was about, Unix seconds */
function sinceTold({ rule, slot: seconds }: MatchedRule, slot: number): SinceTold {
  const span = Math.max(1, Math.ceil((rule.repeat ?? 0) / seconds / MOST_VALUES)) * seconds;
  return {
    start: slot + seconds,
    span,
    spans: [],
    last: 0,
    samples: [],
    top: {},
    sources: [],
  };
}

/** Adds what was merged to the alert of a group that was told of and is to be repeated. */
export function addToTold(group: GroupState, digest: Addition, source: number): void {
  for (const { since, over } of group.episodes) {
    if (since && !over) add(since, digest, [[source, digest.records]]);
  }
}

function add(since: SinceTold, addition: Addition, sources: SlotState['sources']): void {
  const { start, span } = since;
  const at = start + Math.max(0, Math.floor((addition.slot - start) / span)) * span;
  let index = since.spans.length;
  while (index > 0 && since.spans[index - 1][0] >= at) index--;
  const known = since.spans[index];
  const { records, bytes, packets } = addition;
  if (known?.[0] === at) {
    since.spans[index] = [at, known[1] + records, known[2] + bytes, known[3] + packets];
  } else since.spans.splice(index, 0, [at, records, bytes, packets]);
  since.last = Math.max(since.last, addition.last);
  since.samples = joinSamples(since.samples, addition.samples);
  since.top = joinTop(since.top, topOfDigest(addition));
  for (const [source, count] of sources) since.sources = addCount(since.sources, source, count);
}

/** What there is until a message is due; later records wait for the next one. */
export interface Evidence {
  readonly start: number;
  readonly records: number;
  readonly bytes: number;
  readonly packets: number;
  readonly last: number;
  readonly samples: SlotState['samples'];
  readonly top: SinceTold['top'];
  readonly sources: SlotState['sources'];
  readonly series: AlertSeries;
}

/** @param due Unix seconds */
export function evidenceUntil(since: SinceTold, due: number): Evidence {
  const { start, span } = since;
  const spans = since.spans.filter(([at]) => at < due);
  const sum = (place: 1 | 2 | 3) => spans.reduce((total, one) => total + one[place], 0);
  const values = Array.from(
    { length: Math.max(1, Math.ceil((due - start) / span)) },
    (_, i) => spans.find(([at]) => at === start + i * span)?.[1] ?? 0,
  );
  const some = spans.length > 0;
  return {
    start,
    records: sum(1),
    bytes: sum(2),
    packets: sum(3),
    last: some ? Math.min(since.last, due) : 0,
    samples: some ? since.samples.filter((sample) => !isAfter(sample, due)) : [],
    top: some ? since.top : {},
    sources: some ? [...since.sources].sort((a, b) => b[1] - a[1] || a[0] - b[0]) : [],
    series: { start: iso(start), slot: span, values },
  };
}

/**
 * What is left once an update has told of what came until it was due. Records can be told apart by
 * their time, most frequent values and sources cannot.
 */
export function sinceUpdate(matched: MatchedRule, { since }: Episode, due: number): SinceTold {
  if (!since) return sinceTold(matched, due);
  const rest = since.spans.filter(([at]) => at >= due);
  const next = { ...sinceTold(matched, due - matched.slot), start: due };
  if (rest.length === 0) return next;
  const samples = since.samples.filter((sample) => isAfter(sample, due));
  return { ...next, spans: rest, last: since.last, samples };
}

function isAfter({ format, line }: SlotState['samples'][number], due: number): boolean {
  return Number(recordOfLine(format, line, START).start ?? 0) >= due;
}

const START: ReadonlySet<string> = new Set(['start']);
