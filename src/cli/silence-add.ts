/** `silence add`. */

import { meetsAlert } from '../alerts/alert-match.ts';
import { formatDuration, formatNumber } from '../alerts/english.ts';
import type { History } from '../alerts/history/history.ts';
import { iso } from '../alerts/iso-time.ts';
import { compileSilence } from '../config/silences.ts';
import type { CompiledSilence, Snapshot } from '../config/snapshot.ts';
import { ID } from '../rules/basic-schema.ts';
import { problemLine } from './config.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { readHistory } from './read-history.ts';
import { asked, refusalOf } from './refusals.ts';
import type { SilenceAddFlags } from './silence.ts';
import { silenceDocument } from './silence-document.ts';
import { matchText } from './silence-text.ts';

/** How far back it is looked what a silence would have held back, ms. */
const LOOK_BACK = 86_400_000;

/** What of the last day a silence would have held back. */
interface Preview {
  readonly notifications: number;
  readonly of: number;
  readonly rules: Readonly<Record<string, number>>;
}

export async function addCommand(flags: SilenceAddFlags, context: Context): Promise<void> {
  const { io, out, err } = context;
  const now = Date.now();
  const written = silenceDocument(flags, Math.floor(now / 1000));
  const { id, text } = written;
  if (!ID.test(id)) {
    throw new CommandError(
      EXIT.usage,
      `${id} is no id: it has up to 63 of a-z, 0-9 and -, the first no hyphen.`,
    );
  }
  const document = { path: `silences/${id}`, text, origin: `silence ${id}` };
  const { silence, problems } = compileSilence(document, rulesOf(await snapshotOf(flags)));
  for (const problem of problems) await err.line(problemLine(problem));
  if (!silence) throw new CommandError(EXIT.usage, 'Nothing was written.');
  await write(document.path, text, flags);
  const preview = await previewOf(silence, flags, now, io.interrupt).catch(async (error) => {
    const said = refusalOf(error);
    if (said === undefined) throw error;
    await err.line(`What it would have held back in the last day cannot be read: ${said}`);
    return undefined;
  });
  if (flags.json) {
    await out.line(JSON.stringify({ ...silence, ...(preview && { lastDay: preview }) }));
    return;
  }
  const { from = 0, until = 0 } = silence;
  const begins = from * 1000 > now ? ` from ${iso(from)}` : '';
  await out.line(
    `Silence ${id} holds ${matchText(silence.match)} back${begins} until ${iso(until)} (${formatDuration(until - Math.max(from, Math.floor(now / 1000)))}).`,
  );
  if (preview) await out.line(previewText(preview));
}

async function write(path: string, text: string, flags: SilenceAddFlags): Promise<void> {
  const { deployedTree } = await import('../adapters/aws/parameter-writer.ts');
  const answer = await asked(
    deployedTree(flags).writer.put(path, text, !flags.replace),
    'The silence cannot be written',
    'rules.json',
  );
  if (answer !== 'exists') return;
  throw new CommandError(
    EXIT.failed,
    `There is a silence ${path.slice('silences/'.length)} already: give another --id, or --replace it.`,
  );
}

/** Without the rules in force nothing is said of names that no rule has; the rest is checked alike. */
async function snapshotOf(flags: SilenceAddFlags): Promise<Snapshot | undefined> {
  const { deployedSnapshot } = await import('../adapters/aws/deployed-snapshot.ts');
  return deployedSnapshot(flags).catch(() => undefined);
}

function rulesOf(snapshot: Snapshot | undefined) {
  return snapshot && { inForce: snapshot.rules, others: new Set<string>() };
}

async function previewOf(
  { match }: CompiledSilence,
  flags: SilenceAddFlags,
  now: number,
  stop: AbortSignal,
): Promise<Preview> {
  const { deployedLog } = await import('../adapters/aws/cloudwatch-function-log.ts');
  const history: History = await readHistory(deployedLog(flags), {
    since: now - LOOK_BACK,
    only: 'reduce',
    stop,
  });
  const alerts = history
    .alerts()
    .filter(({ type, status }) => type === 'alert' && status !== 'resolved');
  const hidden = alerts.filter((alert) => meetsAlert(match, alert));
  const rules: Record<string, number> = {};
  for (const { rule } of hidden) rules[rule.id] = (rules[rule.id] ?? 0) + 1;
  return { notifications: hidden.length, of: alerts.length, rules };
}

function previewText({ notifications, of, rules }: Preview): string {
  if (of === 0) return 'In the last day nothing was sent that it could have held back.';
  const named = Object.entries(rules).sort((a, b) => b[1] - a[1]);
  const list = named.map(([rule, count]) => `${rule} ${formatNumber(count)}`).join(', ');
  const counts = `${formatNumber(notifications)} of ${formatNumber(of)} notifications`;
  return `In the last day it would have held back ${counts}${list === '' ? '' : `: ${list}`}.`;
}
