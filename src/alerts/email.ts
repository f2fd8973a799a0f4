/** Plain text for a person woken at three in the morning: what, who, how much, when, then what to do. */
import { alarmOf } from './alarm.ts';
import type { Alert, AlertSource } from './alert.ts';
import { cleanLine, cleanValue } from './clean.ts';
import { plural } from './english.ts';
import { factLine, factLines } from './facts.ts';
import { recordLine } from './flow-text.ts';
import { silenceCommand } from './silence-command.ts';
import { alertLabel, openingLine, outcomeLine } from './status.ts';

const SAMPLES = 3;

/** The whole mail body; typically under 2,000 characters. */
export function renderEmail(alert: Alert): string {
  const blocks = [
    headline(alert),
    factLines(alert),
    sampleLines(alert),
    ways(alert),
    silence(alert),
    originLines(alert),
  ];
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

/** The first records of the evidence, and how many more there are. */
export function sampleLines(alert: Alert): string[] {
  const all = alert.evidence.samples;
  const lines = all.slice(0, SAMPLES).map(recordLine);
  const more = all.length - lines.length + (alert.omitted?.samples ?? 0);
  if (more > 0) lines.push(`+${plural(more, 'more sample')}`);
  return lines;
}

function ways(alert: Alert): string[] {
  const { insights, console } = alert.links;
  return [
    factLine('Runbook', link(alert.rule.runbook)),
    factLine('Flows', link(insights)),
    insights === undefined ? factLine(alarmOf(alert) ? 'Alarm' : 'Log', link(console)) : '',
  ];
}

function silence(alert: Alert): string[] {
  const command = silenceCommand(alert);
  return command === undefined ? [] : ['Silence it for two hours:', command];
}

function link(url: string | undefined): string {
  return url === undefined ? '' : cleanLine(url);
}

/** Which deployment speaks, of which source, and by which names the alert is found again. */
export function originLines(alert: Alert): string[] {
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
  const { account, region, logGroup, bucket, file, stream } = source;
  const words = [
    account === undefined ? '' : `account ${cleanValue(account)}`,
    ...[region, logGroup, bucket, file, stream].map((word) =>
      word === undefined ? '' : cleanValue(word),
    ),
  ];
  return words.filter(Boolean).join(', ');
}
