/** The history of alerts for a terminal. */
import { cleanLine } from '../alerts/clean.ts';
import { formatNumber } from '../alerts/english.ts';
import { groupText } from '../alerts/flow-text.ts';
import { countsOf, type FoldedEntry, folded } from '../alerts/history/fold.ts';
import type { HistoryEntry, Outcome } from '../alerts/history/history.ts';
import { REASONS } from '../alerts/reasons.ts';
import type { Colours } from '../alerts/terminal.ts';
import { renderTable } from './table.ts';

const COLUMNS = [
  { title: 'time (UTC)' },
  { title: 'what' },
  { title: 'severity' },
  { title: 'rule' },
  { title: 'alert' },
];

/** One line a message or decision, the newest last, and what there was of each. */
export function renderHistory(entries: readonly HistoryEntry[], colours: Colours): string[] {
  if (entries.length === 0) return [];
  const [head, ...rows] = renderTable(
    COLUMNS,
    folded(entries).map((entry) => [
      minute(entry.time),
      whatText(entry),
      entry.severity ?? '',
      entry.rule,
      alertText(entry),
    ]),
  );
  const counts = renderTable(
    [{ title: '', align: 'right' }, { title: '' }, { title: '' }],
    countsOf(entries).map(([outcome, count]) => [
      formatNumber(count),
      wordOf(outcome),
      outcome === 'notified' ? '' : meaningOf(outcome),
    ]),
  ).slice(1);
  return [colours.bold(head), ...rows, '', ...counts];
}

/** `sent`, `updated`, `cooldown x12`. */
function whatText({ outcome, status, times }: FoldedEntry): string {
  const word = outcome === 'notified' && status && status !== 'firing' ? status : wordOf(outcome);
  return times > 1 ? `${word} x${formatNumber(times)}` : word;
}

function wordOf(outcome: Outcome): string {
  return outcome === 'notified' ? 'sent' : outcome;
}

function meaningOf(outcome: Outcome): string {
  return outcome === 'failed' ? 'the alert topic has not taken it' : REASONS[outcome];
}

function alertText(entry: FoldedEntry): string {
  const { group, message, silence, inhibitedBy, channels = [], reason, times, until } = entry;
  const about = cleanLine(message) || groupText(group) || entry.id;
  const why = [
    silence && `silence ${silence}`,
    inhibitedBy && `by ${inhibitedBy.rule} ${inhibitedBy.id}`,
    reason && cleanLine(reason),
    times > 1 && `until ${minute(until)}`,
    ...channels.map(({ channel, outcome, reason: said }) =>
      outcome === 'delivered' || said === undefined
        ? `${channel} ${outcome}`
        : `${channel} ${outcome}: ${cleanLine(said)}`,
    ),
  ].filter(Boolean);
  return why.length === 0 ? about : `${about} [${why.join('; ')}]`;
}

function minute(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}
