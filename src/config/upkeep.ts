/**
 * What follows from the configuration beside the snapshot: alarms and saved queries. Looked after
 * when it ought to be different, and once an hour for what others have changed.
 */
import { createHash } from 'node:crypto';
import { ALARM_GAP_MS, applyAlarms } from '../alarms/apply.ts';
import { desiredAlarms } from '../alarms/desired.ts';
import { existingAlarms } from '../alarms/existing.ts';
import { type AlarmPlan, planAlarms } from '../alarms/plan.ts';
import { alarmPlanLines, alarmPlanSummary, CONFLICT } from '../alarms/plan-text.ts';
import type { AlarmStore } from '../ports/alarm-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { SavedQueryStore } from '../ports/saved-query-store.ts';
import { applyQueries, QUERY_GAP_MS } from '../saved-queries/apply.ts';
import { desiredQueries, type RuleQuery } from '../saved-queries/desired.ts';
import { planQueries } from '../saved-queries/plan.ts';
import type { CompiledConfig } from './compile.ts';
import { failureLines } from './failures.ts';

/** Where what follows from the configuration lives, and what it is made with. */
export interface Upkeep {
  readonly alarms: AlarmStore;
  readonly queries: SavedQueryStore;
  readonly sleep: Clock['sleep'];
  /** ARNs that alarms of rules call. */
  readonly alarmActions: readonly string[];
  readonly queryOf: RuleQuery;
}

/** How one kind of thing was left. */
export interface Kept {
  /** Of what was wanted. */
  readonly hash: string;
  /** Last look at what there is; Unix ms. */
  readonly checked: number;
  /** False where something was left to do, or failed. */
  readonly settled: boolean;
  /** What the owner must know, until it is over. */
  readonly troubles: readonly string[];
}

export interface UpkeepState {
  readonly alarms?: Kept;
  readonly queries?: Kept;
}

/** Between two looks at what others may have changed; ms. */
const CHECK_EVERY = 3_600_000;
/**
 * No call begins so long after the beginning, since a run has two minutes in all, and one that hangs
 * takes twenty seconds. What it does not come to, the next one does; ms.
 */
const ALARMS_TIME = 45_000;
const QUERIES_TIME = 65_000;

const ALARM_WORDS = {
  quota:
    "the account's quota of CloudWatch alarms is used up; ask for more in Service Quotas, or take alarm out of some rules",
  denied:
    'the function reconcile may not do this; compare its role with resources/reconcile.yml and look for a boundary or an organization policy',
};
const QUERY_WORDS = {
  quota:
    "the account's quota of saved queries is used up; delete some in Logs Insights, or set queries: false",
  denied: ALARM_WORDS.denied,
};

interface UpkeepRun {
  readonly stage: string;
  /** Unix ms. */
  readonly now: () => number;
  readonly log: Log;
}

/** Never throws: what fails is in `settled` and `troubles`, and in the log. */
export async function keepUp(
  { alarms, queries, sleep, alarmActions, queryOf }: Upkeep,
  { stage, now, log }: UpkeepRun,
  { snapshot, settings }: CompiledConfig,
  former: UpkeepState = {},
): Promise<UpkeepState> {
  const clock: Clock = { now, sleep };
  const { composite } = settings.alarms;
  const run = { clock, log };
  const start = now();
  return {
    alarms: await kept('alarms', former.alarms, run, {
      wanted: () => desiredAlarms(snapshot.rules, { stage, actions: alarmActions, composite }),
      look: async (wanted) => {
        const plan = planAlarms(wanted, await existingAlarms(alarms, wanted));
        logPlan(plan, log);
        const until = start + ALARMS_TIME;
        const applied = await applyAlarms(plan, alarms, { clock, gap: ALARM_GAP_MS, until });
        const conflicts = plan.conflicts.map((name) => `alarms: ${name}: ${CONFLICT}.`);
        return {
          ...applied,
          troubles: [...conflicts, ...failureLines('alarms', applied.failures, ALARM_WORDS)],
        };
      },
    }),
    queries: await kept('saved queries', former.queries, run, {
      wanted: () => (settings.queries ? desiredQueries(snapshot, { stage, queryOf }) : []),
      look: async (wanted) => {
        const plan = planQueries(wanted, await queries.list());
        const until = start + QUERIES_TIME;
        const applied = await applyQueries(plan, queries, { clock, gap: QUERY_GAP_MS, until });
        const troubles = failureLines('saved queries', applied.failures, QUERY_WORDS);
        return { ...applied, troubles };
      },
    }),
  };
}

/** What the owner must know, by what it is about. */
export function upkeepTroubles({
  alarms,
  queries,
}: UpkeepState = {}): (readonly [string, readonly string[]])[] {
  const all = [
    ['alarms', alarms?.troubles ?? []] as const,
    ['saved queries', queries?.troubles ?? []] as const,
  ];
  return all.filter(([, lines]) => lines.length > 0);
}

function logPlan(plan: AlarmPlan, log: Log): void {
  const lines = alarmPlanLines(plan);
  if (lines.length === 0) return;
  log('info', 'reconcile.alarms', { summary: alarmPlanSummary(plan), lines: lines.slice(0, 100) });
}

interface Outcome {
  readonly done: number;
  readonly left: number;
  readonly failures: readonly { readonly name: string; readonly error: Error }[];
  readonly troubles: readonly string[];
}

/** What there ought to be, and how to make it so. */
interface Upkept<T> {
  wanted(): T;
  look(wanted: T): Promise<Outcome>;
}

async function kept<T>(
  what: string,
  former: Kept | undefined,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { wanted, look }: Upkept<T>,
): Promise<Kept> {
  const checked = clock.now();
  let hash = '';
  try {
    const all = wanted();
    hash = createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16);
    if (former && isFresh(former, hash, checked)) return former;
    const { done, left, failures, troubles } = await look(all);
    if (done + left + failures.length > 0) log('info', 'reconcile.upkeep', { what, done, left });
    for (const { name, error } of failures) {
      log('error', 'reconcile.upkeep-failed', { what, name, error });
    }
    return { hash, checked, settled: left + failures.length === 0, troubles };
  } catch (error) {
    log('error', 'reconcile.upkeep-failed', { what, error });
    const unlisted = [{ name: 'none can be looked at', error: error as Error }];
    const lines = failureLines(what, unlisted, ALARM_WORDS);
    const troubles = lines.length > 0 ? lines : (former?.troubles ?? []);
    return { hash, checked, settled: false, troubles };
  }
}

function isFresh(former: Kept, hash: string, now: number): boolean {
  const age = now - former.checked;
  return former.settled && former.hash === hash && age >= 0 && age < CHECK_EVERY;
}
