/** What is told of an alert beside its message, as names and texts; every channel lays them out. */
import { alarmOf } from './alarm.ts';
import type { Alert } from './alert.ts';
import { cleanLine, cleanValue } from './clean.ts';
import { endpointName } from './endpoint-name.ts';
import { formatBytes, formatNumber, formatShare, formatSpan, plural } from './english.ts';
import { groupText } from './flow-text.ts';
import { decided, measureOf, windowSeconds } from './measure.ts';
import { seriesText } from './sparkline.ts';

const TOP_VALUES = 3;
const TOP_FIELDS = 4;

export interface Fact {
  readonly name: string;
  /** One line, without a line break; never empty. */
  readonly text: string;
}

/** Who to whom, how much of how much, when, the commonest values, and how it went over time. */
export function alertFacts(alert: Alert): Fact[] {
  const facts: Fact[] = [
    { name: 'Who', text: groupText(alert.group) },
    { name: 'From', text: endpointName(alert, 'src') },
    { name: 'To', text: endpointName(alert, 'dst') },
    { name: 'Value', text: valueText(alert) },
    seen(alert),
    ...tops(alert),
    { name: 'Over time', text: seriesText(alert.evidence.series) },
    ...alarmFacts(alert),
    { name: 'Note', text: caveat(alert) },
  ];
  return facts.filter(({ text }) => text !== '');
}

function alarmFacts(alert: Alert): Fact[] {
  const alarm = alarmOf(alert);
  if (alarm === undefined) return [];
  return [
    // Where the alarm is over, the outcome tells the reason.
    { name: 'Reason', text: alarm.state === 'OK' ? '' : alarm.reason },
    { name: 'Metric', text: alarm.metric },
    { name: 'About', text: alarm.state === 'OK' ? '' : alarm.about },
    { name: 'Alarm rule', text: alarm.rule },
    { name: 'Alarms', text: alarm.children },
  ];
}

/** `Who: 198.51.100.7 -> 10.0.0.5`, one line each. */
export function factLines(alert: Alert): string[] {
  return alertFacts(alert).map(({ name, text }) => factLine(name, text));
}

/** Empty where there is nothing to tell. */
export function factLine(name: string, text: string): string {
  return text === '' ? '' : `${name}: ${text}`;
}

function valueText(alert: Alert): string {
  const measure = measureOf(alert);
  const { value, threshold, evidence } = alert;
  // Nothing was counted: the message is all there is.
  if (value === 0 && threshold === 0) return '';
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
function seen(alert: Alert): Fact {
  if (measureOf(alert) !== 'silence') {
    return { name: 'Seen', text: formatSpan(alert.firstSeen, alert.lastSeen) };
  }
  const text = alert.status === 'firing' ? formatSpan(alert.lastSeen, alert.lastSeen) : '';
  return { name: 'Last seen', text };
}

function tops(alert: Alert): Fact[] {
  const fields = Object.entries(alert.evidence.top)
    .filter(([field, values]) => !(field in alert.group) && isTelling(values))
    .slice(0, TOP_FIELDS);
  return fields.map(([field, values]) => {
    const shown = values
      .slice(0, TOP_VALUES)
      .map(([value, count]) => `${cleanValue(value)} (${formatNumber(count)})`);
    const more = values.length - shown.length;
    const text = `${shown.join(', ')}${more > 0 ? `, +${more} more` : ''}`;
    return { name: `Top ${cleanLine(field)}`, text };
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
  // A summary's message tells what it stands for.
  if (alert.suppressed > 0 && alert.type !== 'summary') {
    notes.push(`${plural(alert.suppressed, 'earlier firing')} kept silent`);
  }
  return notes.join('; ');
}
