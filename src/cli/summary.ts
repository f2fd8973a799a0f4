/** What a replay found, for a person, in ten seconds of reading. */
import { cleanLine, cut } from '../alerts/clean.ts';
import {
  formatBytes,
  formatDuration,
  formatNumber,
  formatShare,
  formatSpan,
  plural,
} from '../alerts/english.ts';
import type { Colours } from '../alerts/terminal.ts';
import type { ReplayTotals } from '../replay/engine.ts';
import type { ReplayOutcome } from '../replay/run.ts';
import { renderTable } from './table.ts';
import { type AlertTally, topGroup } from './tally.ts';

export interface SummaryParts {
  readonly outcome: ReplayOutcome;
  readonly totals: Readonly<ReplayTotals>;
  readonly tally: AlertTally;
  /** Milliseconds the run took. */
  readonly took: number;
  /** Bytes as read, packed. */
  readonly bytes: number;
  /** Columns of the terminal. */
  readonly width: number;
  /** Whether a format was given, which decides what a wrong one is told. */
  readonly format: boolean;
}

/** The lines of the summary. */
export function renderSummary(parts: SummaryParts, colours: Colours): string[] {
  return [
    ...(parts.outcome.stopped
      ? [colours.yellow('Interrupted: this is what was read until then.')]
      : []),
    colours.bold(`${whatWasRead(parts)}.`),
    ...alertLines(parts, colours),
    ...faultLines(parts, colours),
    ...doubts(parts, colours),
    ...unreadLines(parts, colours),
  ];
}

function whatWasRead({ outcome, totals, took, bytes }: SummaryParts): string {
  const period =
    totals.records === 0 ? '' : ` from ${formatSpan(iso(totals.first), iso(totals.last))}`;
  const rate = formatNumber(Math.round(totals.records / Math.max(0.001, took / 1000)));
  const time =
    took < 60_000 ? `${formatNumber(Math.round(took / 10) / 100)} s` : formatDuration(took / 1000);
  const inputs = plural(outcome.inputs, 'source');
  const records = plural(totals.records, 'record');
  return `Read ${inputs}, ${records} (${formatBytes(bytes)})${period} in ${time}, ${rate} records/s`;
}

function alertLines({ tally, totals, width }: SummaryParts, colours: Colours): string[] {
  const { rules, severities, folded } = tally;
  const { silenced, inhibited } = totals;
  const back = [
    silenced > 0 && `${formatNumber(silenced)} held back by silences`,
    inhibited > 0 && `${formatNumber(inhibited)} held back by open alerts of other rules`,
  ].filter((text) => text !== false);
  if (rules.length === 0) return [colours.green(`No alert${['', ...back].join('; ')}.`)];
  const total = severities.reduce((sum, [, count]) => sum + count, 0);
  const by = severities.map(([severity, count]) => `${formatNumber(count)} ${severity}`).join(', ');
  const more = folded > 0 ? [`${formatNumber(folded)} more folded by the storm limit`] : [];
  const held = ['', ...more, ...back].join('; ');
  const table = renderTable(
    [
      { title: 'severity' },
      { title: 'rule' },
      { title: 'alerts', align: 'right' },
      { title: 'first (UTC)' },
      { title: 'last (UTC)' },
      { title: 'most often' },
    ],
    rules.map((rule) => [
      rule.severity,
      rule.rule,
      formatNumber(rule.alerts),
      minute(rule.first),
      minute(rule.last),
      topGroup(rule),
    ]),
  );
  const [head, ...rows] = table.map((line) => `  ${cut(line, Math.max(60, width - 3))}`);
  return [`${plural(total, 'alert')}: ${by}${held}`, colours.dim(head), ...rows];
}

function faultLines({ outcome, totals, width, format }: SummaryParts, colours: Colours): string[] {
  if (totals.malformed === 0) return [];
  const samples = new Map(outcome.samples);
  for (const { reason, line } of totals.faultSamples) {
    if (!samples.has(reason)) samples.set(reason, line);
  }
  const all = totals.records + totals.noData + totals.skipData + totals.malformed;
  const reasons = Object.entries(totals.reasons).sort((a, b) => b[1] - a[1]);
  const rows = reasons.map(([reason, count]) => {
    const sample = cleanLine(samples.get(reason) ?? '');
    return `  ${formatNumber(count).padStart(8)}  ${reason.padEnd(16)}  ${cut(sample, Math.max(30, width - 32))}`;
  });
  const hint =
    totals.malformed === all && !format
      ? ['  Is it a custom format without a header line? Name its fields with --format.']
      : [];
  const share = formatShare(totals.malformed / all);
  return [
    colours.yellow(`${plural(totals.malformed, 'line')} could not be read (${share}):`),
    ...rows.map((row) => row.trimEnd()),
    ...hint,
  ];
}

function doubts({ totals }: SummaryParts, colours: Colours): string[] {
  const lines: string[] = [];
  if (totals.skipData > 0) {
    lines.push(`${plural(totals.skipData, 'SKIPDATA line')}: AWS lost records there.`);
  }
  if (totals.noData > 0) lines.push(`${plural(totals.noData, 'NODATA line')}: no traffic there.`);
  if (totals.outside > 0) {
    lines.push(`${plural(totals.outside, 'line')} of other times passed over.`);
  }
  if (totals.late > 0) {
    lines.push(`${plural(totals.late, 'record')} came too late for rules with a window.`);
  }
  if (totals.groupsDropped > 0) {
    lines.push(
      `${plural(totals.groupsDropped, 'group')} not remembered: raise --max-groups or leave it out.`,
    );
  }
  return lines.map((line) => colours.dim(line));
}

function unreadLines({ outcome, totals }: SummaryParts, colours: Colours): string[] {
  const lines = outcome.unread.map(({ name, why }) => `  ${cleanLine(name)}: ${cleanLine(why)}`);
  if (lines.length > 0) return [colours.red('Not read, or only in part:'), ...lines];
  if (!outcome.stopped && !outcome.recognised && totals.malformed === 0) {
    return [colours.red('There was nothing to read.')];
  }
  return [];
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
