/** What a push would do, worked out and shown: for `rules push` and `rules diff`. */
import { plural } from '../alerts/english.ts';
import type { PushPlan } from '../config/plan/push-plan.ts';
import type { Verdict } from '../config/plan/verdict.ts';
import type { ParameterWriter } from '../ports/parameter-writer.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import type { GlobalOptions } from './options.ts';
import { asked } from './refusals.ts';
import type { Sides } from './rules-sync.ts';

export interface PlanFlags extends GlobalOptions {
  readonly prune?: boolean;
  readonly force?: boolean;
}

export interface Planned extends Sides {
  readonly plan: PushPlan;
  readonly verdict: Verdict;
  /** Of documents that were changed there. */
  readonly notes: ReadonlyMap<string, string>;
  /** Why nothing may be written. */
  readonly blocked?: { readonly code: number; readonly why: string };
}

export async function plannedPush(
  dir: string,
  flags: PlanFlags,
  { err }: Context,
): Promise<Planned> {
  const [{ readSides }, { planPush }, { judgePush }, { builtinDocuments }] = await Promise.all([
    import('./rules-sync.ts'),
    import('../config/plan/push-plan.ts'),
    import('../config/plan/verdict.ts'),
    import('./config.ts'),
  ]);
  const sides = await readSides(dir, flags, err);
  const { local, stored, base, writer } = sides;
  if (flags.prune && local.length === 0 && stored.length > 0 && !flags.force) {
    throw new CommandError(
      EXIT.usage,
      `${dir} holds no document, and --prune would delete the whole tree of ${flags.stage}: --force does so.`,
    );
  }
  const plan = planPush(local, stored, base, flags);
  const verdict = judgePush(plan, await builtinDocuments());
  const notes = await asked(
    conflictNotes(plan, writer),
    'the history cannot be read',
    'rules.json',
  );
  const blocked = blockedBy(dir, plan, verdict);
  return { ...sides, plan, verdict, notes, ...(blocked && { blocked }) };
}

/** Who changed what push leaves alone, and when. */
async function conflictNotes(
  { steps }: PushPlan,
  writer: ParameterWriter,
): Promise<Map<string, string>> {
  const notes = new Map<string, string>();
  for (const { path, action, stored } of steps) {
    if (action !== 'conflict' || !stored) continue;
    const newest = [...stored.parameters].sort((a, b) => (b.modified ?? 0) - (a.modified ?? 0))[0];
    const change = (await writer.history(newest.path)).at(-1);
    const by = change?.user === undefined ? '' : ` by ${change.user}`;
    const at = change?.modified ?? newest.modified;
    const when = at === undefined ? '' : `, ${new Date(at).toISOString()}`;
    notes.set(
      path,
      `changed in Parameter Store since: version ${change?.version ?? newest.version}${by}${when}`,
    );
  }
  return notes;
}

function blockedBy(dir: string, { steps }: PushPlan, { problems }: Verdict): Planned['blocked'] {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) {
    const stays = steps.filter(({ action }) => action === 'only there').length;
    const hint =
      stays === 0
        ? ''
        : ` ${plural(stays, 'document')} that ${dir} does not have ${stays === 1 ? 'stays' : 'stay'} in force beside it; --prune deletes them.`;
    return {
      code: EXIT.usage,
      why: `The tree would have ${plural(errors, 'error')}; nothing was written.${hint}`,
    };
  }
  const conflicts = steps.filter(({ action }) => action === 'conflict').map(({ path }) => path);
  if (conflicts.length === 0) return undefined;
  return {
    code: EXIT.failed,
    why:
      `Changed in Parameter Store since ${dir} had it last: ${conflicts.join(', ')}. Nothing was written. ` +
      `\`rules pull ${dir}\` takes what is there; --force overwrites it.`,
  };
}

/** The plan on standard output, what is wrong with it on standard error. */
export async function showPush(
  planned: Planned,
  flags: PlanFlags,
  context: Context,
): Promise<void> {
  const { io, out, err } = context;
  const [text, { coloursFor }, { problemLine }, { alarmLines, alarmJson }, { startingAfresh }] =
    await Promise.all([
      import('./rules-plan-text.ts'),
      import('./colours.ts'),
      import('./config.ts'),
      import('./rules-alarms.ts'),
      import('../config/plan/verdict.ts'),
    ]);
  const { plan, verdict, notes } = planned;
  const { before, after, problems, standing } = verdict;
  const afresh = startingAfresh(before.snapshot, after.snapshot);
  if (flags.json) {
    const lines = [
      ...text.planJson(plan.steps, 'push', notes),
      ...problems.map((problem) => JSON.stringify({ kind: 'problem', ...problem })),
      ...alarmJson(before, after, flags.stage),
      ...afresh.map((rule) => JSON.stringify({ kind: 'memory', rule, change: 'starts afresh' })),
    ];
    for (const line of lines) await out.line(line);
    return;
  }
  const lines = [
    ...text.planLines(plan.steps, 'push', coloursFor(io.stdout, io.env), notes),
    ...alarmLines(before, after, flags.stage),
    ...afresh.map((rule) => `memory      ${rule} starts afresh: what it remembers is not the same`),
    text.planSummary(plan.steps),
  ];
  for (const line of lines) await out.line(line);
  for (const problem of problems) await err.line(problemLine(problem));
  if (standing.length > 0) {
    await err.line(
      `${plural(standing.length, 'problem')} of documents that stay as they are: rules check after rules pull shows them.`,
    );
  }
}
