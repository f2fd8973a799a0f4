/** `silence list`. */
import { formatNumber } from '../alerts/english.ts';
import { compileSilence } from '../config/silences.ts';
import type { CompiledSilence } from '../config/snapshot.ts';
import type { ConfigDocument } from '../ports/config-source.ts';
import type { Problem } from '../rules/problem.ts';
import { problemLine } from './config.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import { sinceWhen } from './moments.ts';
import { readHistory } from './read-history.ts';
import { asked, refusalOf } from './refusals.ts';
import type { SilenceListFlags } from './silence.ts';
import { matchText, type SilenceState, stateOf, whenText } from './silence-text.ts';
import { renderTable } from './table.ts';

const ORDER: readonly SilenceState[] = ['active', 'waiting', 'upcoming', 'ended'];

export async function listCommand(flags: SilenceListFlags, context: Context): Promise<void> {
  const { io, out, err, exit } = context;
  const now = Date.now();
  const documents = await documentsOf(flags);
  const silences: CompiledSilence[] = [];
  const problems: Problem[] = [];
  for (const document of documents) {
    const result = compileSilence(document);
    if (result.silence) silences.push(result.silence);
    problems.push(...result.problems);
  }
  for (const problem of problems) await err.line(problemLine(problem));
  if (silences.length === 0) {
    if (problems.length === 0) await err.line(`Stage ${flags.stage} has no silences.`);
    return;
  }
  const hidden = await hiddenSince(sinceWhen(flags.since, now), flags, io.interrupt).catch(
    async (error) => {
      const said = refusalOf(error);
      if (said === undefined) throw error;
      await err.line(`What they have held back cannot be read: ${said}`);
      return undefined;
    },
  );
  if (io.interrupt.aborted) return exit(EXIT.interrupted);
  const seconds = Math.floor(now / 1000);
  const listed = silences
    .map((silence) => ({ silence, state: stateOf(silence, seconds) }))
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  if (flags.json) {
    for (const { silence, state } of listed) {
      const held = hidden && { held: hidden.get(silence.id) ?? 0 };
      await out.line(JSON.stringify({ ...silence, state, ...held }));
    }
    return;
  }
  const rows = listed.map(({ silence, state }) => [
    silence.id,
    state,
    whenText(silence, state),
    matchText(silence.match),
    hidden ? formatNumber(hidden.get(silence.id) ?? 0) : '?',
    silence.reason,
  ]);
  for (const line of renderTable(COLUMNS, rows)) await out.line(line);
}

const COLUMNS = [
  { title: 'silence' },
  { title: 'state' },
  { title: 'when (UTC)' },
  { title: 'alerts' },
  { title: 'held', align: 'right' },
  { title: 'reason' },
] as const;

/** The silences of the stage, as they are stored. */
export async function documentsOf(
  flags: Pick<SilenceListFlags, 'stage' | 'region' | 'profile'>,
): Promise<ConfigDocument[]> {
  const { deployedSilences } = await import('../adapters/aws/deployed-silences.ts');
  return asked(deployedSilences(flags).read(), 'The silences cannot be read', 'read.json');
}

/** Alerts that each silence has held back. @param since Unix ms */
async function hiddenSince(
  since: number,
  flags: SilenceListFlags,
  stop: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const { deployedLog } = await import('../adapters/aws/cloudwatch-function-log.ts');
  const history = await readHistory(deployedLog(flags), { since, only: 'reduce', stop });
  const alerts = new Map<string, Set<string>>();
  for (const { silence, id } of history.entries()) {
    if (silence === undefined) continue;
    alerts.set(silence, (alerts.get(silence) ?? new Set()).add(id));
  }
  return new Map([...alerts].map(([silence, ids]) => [silence, ids.size]));
}
