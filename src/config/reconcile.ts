/** Brings the published snapshot in line with the configuration. */
import type {
  ConfigDocument,
  ConfigSource,
  DescribedFlowLogs,
  FlowLogCatalog,
} from '../ports/config-source.ts';
import type { FilterPatterns } from '../ports/filter-patterns.ts';
import type { Log } from '../ports/log.ts';
import type { MetricSink } from '../ports/metric-sink.ts';
import type { OwnerNotices } from '../ports/owner-notices.ts';
import type { VersionedText } from '../ports/versioned-text.ts';
import { formatProblem, type Problem } from '../rules/problem.ts';
import { blindSpots } from './blind-spots.ts';
import { type CompiledConfig, compileConfig } from './compile.ts';
import { endingSilences } from './ending-silences.ts';
import { formerFormats, withFormer } from './former-formats.ts';
import { hidingFilters, isOfFilter } from './narrow-pattern.ts';
import {
  afterSending,
  type NoticePlan,
  noticeOf,
  plainTrouble,
  planNotices,
  type ToldBook,
  type Trouble,
  troubles,
} from './notices.ts';
import { mergeFormats } from './settings.ts';
import type { Snapshot } from './snapshot.ts';
import { type ConfigState, parseState } from './state.ts';
import { keepUp, type Upkeep, upkeepTroubles } from './upkeep.ts';

export interface ReconcilePorts {
  readonly config: ConfigSource;
  readonly catalog: FlowLogCatalog;
  /** The published snapshot, as JSON. */
  readonly snapshot: VersionedText;
  /** Last good versions and what the owner was told, as JSON. */
  readonly state: VersionedText;
  readonly owner: OwnerNotices;
  readonly metrics: MetricSink;
  readonly log: Log;
  /** Absent where filters are not looked at. */
  readonly filters?: FilterPatterns;
  /** Absent where nobody looks after alarms and saved queries. */
  readonly upkeep?: Upkeep;
}

export interface ReconcileOptions {
  readonly stage: string;
  /** The rules that come with the service. */
  readonly builtin: readonly ConfigDocument[];
  /** Unix ms. */
  readonly now: () => number;
}

export interface ReconcileResult {
  /** False where the snapshot was right already. */
  readonly published: boolean;
  readonly rules: number;
  /** Documents and rules with errors. */
  readonly bad: number;
  readonly problems: readonly Problem[];
}

/** Runs that others may interrupt before one gives up; the next event starts afresh. */
const ATTEMPTS = 5;

/** What the owner is told about, beside documents. */
const FLOW_LOGS = 'flow logs';

/**
 * Reads everything, publishes the snapshot if it changed, and tells the owner what is newly bad or
 * mended. Safe to run at any time, twice, and beside another run: the last to publish has read the
 * tree last.
 * @throws Error when the tree cannot be read, nothing can be published or the owner not be told;
 *   whatever called it should try again
 */
export async function reconcile(
  ports: ReconcilePorts,
  options: ReconcileOptions,
): Promise<ReconcileResult> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const result = await runOnce(ports, options);
    if (result !== 'conflict') return result;
    ports.log('info', 'reconcile.conflict', { attempt });
  }
  throw new Error(`Another run of reconcile was first ${ATTEMPTS} times in a row`);
}

async function runOnce(
  ports: ReconcilePorts,
  { stage, builtin, now: clock }: ReconcileOptions,
): Promise<ReconcileResult | 'conflict'> {
  // Both tags are taken before the tree is read, so that a run with an older reading meets a
  // conflict instead of publishing over a newer one.
  const [storedState, storedSnapshot] = await Promise.all([
    ports.state.load(),
    ports.snapshot.load(),
  ]);
  const state = parseState(storedState?.text);
  const [documents, described] = await Promise.all([ports.config.read(), describe(ports, state)]);
  const former = formerFormats(state, described.formats, Math.floor(clock() / 1000));
  const config = compileConfig(documents, {
    builtin,
    formats: withFormer(described.formats, former),
    flowLogs: described.flowLogs,
    builtinDefault: true,
    previous: state.good,
  });
  const text = JSON.stringify(config.snapshot);
  const changed = text !== storedSnapshot?.text;
  if (changed && (await ports.snapshot.save(text, storedSnapshot?.tag)) === 'conflict') {
    return 'conflict';
  }
  // The snapshot is out: whatever becomes of alarms does not undo it.
  const upkeep = ports.upkeep
    ? await keepUp(ports.upkeep, { stage, now: clock, log: ports.log }, config, state.upkeep)
    : state.upkeep;
  const texts = new Map(documents.map((document) => [document.origin, document.text]));
  const now = troubles(config.problems, texts, config.rules);
  const bad = now.size;
  if (described.trouble) now.set(FLOW_LOGS, described.trouble);
  // Of a format that is gone nobody need be told.
  const formats = mergeFormats(described.formats, config.settings.formats);
  for (const [group, trouble] of blindSpots({ ...config.snapshot, formats })) {
    now.set(group, trouble);
  }
  for (const [filter, trouble] of await hiding(ports, config.snapshot, stage, state.told)) {
    now.set(filter, trouble);
  }
  const seconds = Math.floor(clock() / 1000);
  for (const [silence, trouble] of endingSilences(config.snapshot.silences, documents, seconds)) {
    now.set(silence, trouble);
  }
  for (const [what, lines] of upkeepTroubles(upkeep)) now.set(what, plainTrouble(...lines));
  const plan = planNotices(state.told, now);
  const remember = (told: ToldBook): ConfigState => ({
    version: 1,
    good: config.good,
    formats: described.formats,
    flowLogs: described.flowLogs,
    ...(Object.keys(former).length > 0 && { former }),
    told,
    ...(upkeep && { upkeep }),
  });
  const tag = await save(ports.state, remember(plan.book), storedState);
  if (tag === 'conflict') return 'conflict';
  if (await tell(ports.owner, stage, plan, now)) {
    // Lost to another run, this is told again: better twice than never.
    const next = JSON.stringify(remember(afterSending(plan.book)));
    await ports.state.save(next, tag);
  }
  await report(ports, stage, config, bad, changed);
  return {
    published: changed,
    rules: config.snapshot.rules.length,
    bad,
    problems: config.problems,
  };
}

interface Described extends DescribedFlowLogs {
  readonly trouble?: Trouble;
}

/** Flow logs as AWS has them; where it does not say, what it said last. */
async function describe({ catalog, log }: ReconcilePorts, former: ConfigState): Promise<Described> {
  try {
    return await catalog.describe();
  } catch (error) {
    const { name, message } = error as Error;
    log('error', 'reconcile.flow-logs', { error });
    // Messages of AWS carry request ids, which would make each failure a new one to tell.
    const reason = name === 'Error' ? message : `DescribeFlowLogs failed (${name})`;
    const line = `${FLOW_LOGS}: ${reason}. What was known before stays in force.`;
    const { formats, flowLogs = {} } = former;
    return { formats, flowLogs, trouble: plainTrouble(line) };
  }
}

/** Filters that keep back what rules need; where they cannot be read, what was told of them last. */
async function hiding(
  { filters, log }: ReconcilePorts,
  snapshot: Snapshot,
  stage: string,
  told: ToldBook,
): Promise<Iterable<readonly [string, Trouble]>> {
  if (!filters) return [];
  try {
    const patterns = await filters.of(Object.keys(snapshot.flowLogs ?? {}));
    return hidingFilters(snapshot, patterns, stage);
  } catch (error) {
    log('error', 'reconcile.filters', { error });
    return Object.entries(told)
      .filter(([key, { hash }]) => isOfFilter(key) && hash !== '')
      .map(([key, { hash }]) => [key, { lines: [`${key} hides records`], hash, blind: true }]);
  }
}

async function save(
  store: VersionedText,
  state: ConfigState,
  stored: { readonly text: string; readonly tag: string } | undefined,
): Promise<string | undefined | 'conflict'> {
  const text = JSON.stringify(state);
  if (stored && text === stored.text) return stored.tag;
  const saved = await store.save(text, stored?.tag);
  return saved === 'conflict' ? saved : saved.tag;
}

async function tell(
  owner: OwnerNotices,
  stage: string,
  plan: NoticePlan,
  now: ReadonlyMap<string, Trouble>,
): Promise<boolean> {
  const notice = noticeOf(stage, plan, now);
  if (!notice) return false;
  await owner.publish(notice.subject, notice.text);
  return true;
}

async function report(
  { log, metrics }: ReconcilePorts,
  stage: string,
  { problems, snapshot }: CompiledConfig,
  bad: number,
  published: boolean,
): Promise<void> {
  log('info', 'reconcile', { published, bad, rules: snapshot.rules.length });
  for (const problem of problems) {
    const level = problem.severity === 'error' ? 'error' : 'warn';
    log(level, 'reconcile.problem', { problem: formatProblem(problem) });
  }
  if (bad === 0) return;
  try {
    const dimensions = { Stage: stage };
    await metrics.publish([{ name: 'BadRules', dimensions, unit: 'Count', value: bad }]);
  } catch (error) {
    // The configuration is published and the owner told; a lost point is no reason to start over.
    log('error', 'reconcile.metric', { error });
  }
}
