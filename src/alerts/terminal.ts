/** An alert for a person at a terminal, a few lines each. */
import type { Severity } from '../rules/compiled.ts';
import type { Alert } from './alert.ts';
import { cleanLine } from './clean.ts';
import { factLines } from './facts.ts';
import { recordLine } from './flow-text.ts';
import { alertLabel, openingLine, outcomeLine } from './status.ts';

type Paint = (text: string) => string;

/** The colours used; picocolors' `createColors()` fits. */
export interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly magenta: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  readonly green: Paint;
}

const plain: Paint = (text) => text;

/** No colour at all. */
export const PLAIN: Colours = {
  bold: plain,
  dim: plain,
  red: plain,
  magenta: plain,
  yellow: plain,
  cyan: plain,
  green: plain,
};

const PAINTS: Readonly<Record<Severity, keyof Colours>> = {
  critical: 'magenta',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'dim',
};

const SAMPLES = 3;

/** One alert, ending without a line break. Whatever records hold cannot colour or move the terminal. */
export function renderTerminal(alert: Alert, colours: Colours): string {
  const paint = alert.status === 'resolved' ? colours.green : colours[PAINTS[alert.rule.severity]];
  const title = cleanLine(alert.rule.title);
  const message = openingLine(alert);
  const label = paint(colours.bold(alertLabel(alert).padEnd(8)));
  const folded = alert.folded ? colours.dim(' (folded)') : '';
  const head = `${label} ${colours.bold(message)}${folded}`;
  const rule = message.startsWith(title) ? alert.rule.id : `${alert.rule.id}: ${title}`;
  const details = [rule, outcomeLine(alert), ...factLines(alert)]
    .filter(Boolean)
    .map((text) => cleanLine(text));
  const records = alert.evidence.samples.slice(0, SAMPLES).map(recordLine);
  return [
    head,
    ...details.map((text) => `         ${text}`),
    ...records.map((text) => colours.dim(`         ${text}`)),
  ].join('\n');
}
