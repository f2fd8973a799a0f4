/** Plain text for a person woken at three in the morning: what, who, how much, when, then what to do. */
import type { Alert, AlertSource } from './alert.ts';
import { cleanLine, cleanValue } from './clean.ts';
import { formatBytes, formatNumber, formatShare, formatSpan, plural } from './english.ts';
import { groupText, recordLine } from './flow-text.ts';
import { decided, measureOf, windowSeconds } from './measure.ts';
import { alertLabel, openingLine, outcomeLine } from './status.ts';

const SAMPLES = 3;
const TOP_VALUES = 3;
const TOP_FIELDS = 4;

/** The whole mail body; typically under 1,500 characters. */
export function renderEmail(alert: Alert): string {
  const blocks = [headline(alert), facts(alert), samples(alert), ways(alert), origin(alert)];
  return `${blocks
    .map((lines) => lines.filter(Boolean).join('\n'))
    .filter(Boolean)
    .join('\n\n')}\n`;
}

function headline(alert: Alert): string[] {
  const title = cleanLine(alert.rule.title);
  const opening = openingLine(alert);
  const lines = [`[${alertLabel(alert)}] ${opening}`];
  if (!opening.startsWith(title)) lines.push(title);
  return [...lines, outcomeLine(alert)];
}

/** Who to whom, how much of how much, when, and the commonest values. */
export function facts(alert: Alert): string[] {
  return [
    line('Who', groupText(alert.group)),
    line('Value', valueText(alert)),
    seenLine(alert),
    ...topLines(alert),
    line('Note', caveat(alert)),
  ];
}

function line(name: string, text: string): string {
  return text === '' ? '' : `${name}: ${text}`;
}

function valueText(alert: Alert): string {
  const measure = measureOf(alert);
  const { value, threshold, evidence } = alert;
  const window = threshold > 0 || measure === 'skipped' || measure === 'malformed';
  const { what, threshold: limit } = decided({
    value,
    threshold,
    measure,
    records: evidence.records,
    window: window ? windowSeconds(alert) : 0,
  });
  // Of silence the evidence is the last that was heard, not what the value is made of.
  const told = measure === 'bytes' || measure === 'silence' || evidence.bytes === 0;
  const volume = told
    ? ''
    : `, ${formatBytes(evidence.bytes)} in ${plural(evidence.packets, 'packet')}`;
  return `${what}${limit === undefined ? '' : `, threshold ${limit}`}${volume}`;
}

/** Of a group that is silent, only the last record is known; later messages have no records at all. */
function seenLine(alert: Alert): string {
  if (measureOf(alert) !== 'silence') {
    return line('Seen', formatSpan(alert.firstSeen, alert.lastSeen));
  }
  if (alert.status !== 'firing') return '';
  return line('Last seen', formatSpan(alert.lastSeen, alert.lastSeen));
}

function topLines(alert: Alert): string[] {
  const fields = Object.entries(alert.evidence.top)
    .filter(([field, values]) => !(field in alert.group) && isTelling(values))
    .slice(0, TOP_FIELDS);
  return fields.map(([field, values]) => {
    const shown = values
      .slice(0, TOP_VALUES)
      .map(([value, count]) => `${cleanValue(value)} (${formatNumber(count)})`);
    const more = values.length - shown.length;
    return `Top ${cleanLine(field)}: ${shown.join(', ')}${more > 0 ? `, +${more} more` : ''}`;
  });
}

/** Many values that came once each, as the ports of a scan do, say nothing by being named. */
function isTelling(values: readonly (readonly [string, number])[]): boolean {
  return values.length === 1 || (values.length > 1 && values[0][1] > 1);
}

/** A smaller share of lost records changes no one's mind at 3 a.m.; the JSON has it. */
const WORTH_A_WORD = 0.001;

function caveat(alert: Alert): string {
  const { skipped, malformed } = alert.visibility;
  const notes: string[] = [];
  if (skipped >= WORTH_A_WORD)
    notes.push(`${formatShare(skipped)} of the records were skipped by AWS`);
  if (malformed >= WORTH_A_WORD)
    notes.push(`${formatShare(malformed)} of the lines were unreadable`);
  if (alert.suppressed > 0) {
    notes.push(`${plural(alert.suppressed, 'earlier firing')} kept silent`);
  }
  return notes.join('; ');
}

function samples(alert: Alert): string[] {
  const all = alert.evidence.samples;
  const lines = all.slice(0, SAMPLES).map(recordLine);
  const more = all.length - lines.length + (alert.omitted?.samples ?? 0);
  if (more > 0) lines.push(`+${plural(more, 'more sample')}`);
  return lines;
}

function ways(alert: Alert): string[] {
  const { insights, console } = alert.links;
  return [
    line('Runbook', link(alert.rule.runbook)),
    line('Flows', link(insights)),
    insights === undefined ? line('Log', link(console)) : '',
  ];
}

function link(url: string | undefined): string {
  return url === undefined ? '' : cleanLine(url);
}

function origin(alert: Alert): string[] {
  const [source] = alert.sources;
  const more = alert.sources.length - 1;
  const where = source === undefined ? [] : [sourceText(source)];
  if (more > 0) where.push(`+${plural(more, 'more source')}`);
  return [
    [`stage ${cleanLine(alert.stage)}`, ...where].join(', '),
    `rule ${cleanLine(alert.rule.id)}, alert ${cleanLine(alert.id)}`,
  ];
}

/** `account 123456789012, eu-west-1, /vpc/flow-logs`. */
function sourceText(source: AlertSource): string {
  const { account, region, logGroup, bucket, file } = source;
  const words = [
    account === undefined ? '' : `account ${cleanValue(account)}`,
    ...[region, logGroup, bucket, file].map((word) => (word === undefined ? '' : cleanValue(word))),
  ];
  return words.filter(Boolean).join(', ');
}
