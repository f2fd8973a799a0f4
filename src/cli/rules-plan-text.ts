/** A plan of a push or pull for a person, and as JSON. */
import { cleanIndented } from '../alerts/clean.ts';
import { formatNumber } from '../alerts/english.ts';
import type { Colours } from '../alerts/terminal.ts';
import { type StoredDocument, wholeText } from '../config/plan/parameters.ts';
import type { LocalDocument } from '../config/plan/push-plan.ts';
import { unifiedDiff } from '../config/plan/text-diff.ts';

/** What a plan for either direction says of a document. */
export interface PlannedStep {
  readonly path: string;
  readonly action: string;
  readonly local?: LocalDocument;
  readonly stored?: StoredDocument;
}

/** Which side a step would give the text of the other. */
export type Direction = 'push' | 'pull';

/** Words in the order in which the summary counts them. */
const ORDER = [
  'create',
  'change',
  'delete',
  'unchanged',
  'kept',
  'only there',
  'only here',
  'conflict',
  'torn',
  'no file',
] as const;

const PAINTS: Readonly<Record<string, keyof Colours>> = {
  create: 'green',
  change: 'yellow',
  delete: 'red',
  conflict: 'magenta',
  torn: 'magenta',
  'no file': 'magenta',
};

/** Longest diff of one document; what a diff of a list would add helps nobody. */
const MOST_LINES = 200;

/** @param notes what else there is to say of a document, by path */
export function planLines(
  steps: readonly PlannedStep[],
  direction: Direction,
  colours: Colours,
  notes: ReadonlyMap<string, string> = new Map(),
): string[] {
  return steps
    .filter(({ action }) => action !== 'unchanged')
    .flatMap((step) => {
      const { path, action, local } = step;
      const paint = colours[PAINTS[action] ?? 'dim'];
      const file = local ? `  ${colours.dim(local.origin)}` : '';
      const note = notes.get(path);
      return [
        `${paint(action.padEnd(10))}  ${colours.bold(path)}${file}`,
        ...(note === undefined ? [] : [`            ${note}`]),
        ...diffLines(step, direction).map((line) => `    ${painted(line, colours)}`),
      ];
    });
}

/** `1 create, 2 change, 30 unchanged.` */
export function planSummary(steps: readonly PlannedStep[]): string {
  const counts = ORDER.map((action) => {
    const count = steps.filter((step) => step.action === action).length;
    return count === 0 ? '' : `${formatNumber(count)} ${action}`;
  });
  return `${counts.filter(Boolean).join(', ') || 'nothing on either side'}.`;
}

/** One object a document. */
export function planJson(
  steps: readonly PlannedStep[],
  direction: Direction,
  notes: ReadonlyMap<string, string> = new Map(),
): string[] {
  return steps.map((step) => {
    const { path, action, local, stored } = step;
    const note = notes.get(path);
    const diff = diffLines(step, direction);
    return JSON.stringify({
      kind: 'document',
      path,
      action,
      ...(local && { file: local.origin }),
      ...(stored && { version: Math.max(...stored.parameters.map(({ version }) => version)) }),
      ...(note !== undefined && { note }),
      ...(diff.length > 0 && { diff: diff.join('\n') }),
    });
  });
}

function diffLines(step: PlannedStep, direction: Direction): string[] {
  const { action, local, stored } = step;
  if (!local || !stored || action === 'unchanged' || action === 'kept') return [];
  const here = wholeText(local.parameters);
  const lines =
    direction === 'push' ? unifiedDiff(stored.text, here) : unifiedDiff(here, stored.text);
  if (lines.length <= MOST_LINES) return lines;
  return [
    ...lines.slice(0, MOST_LINES),
    `... ${formatNumber(lines.length - MOST_LINES)} more lines`,
  ];
}

function painted(line: string, colours: Colours): string {
  const text = cleanIndented(line);
  if (line.startsWith('+')) return colours.green(text);
  if (line.startsWith('-')) return colours.red(text);
  return line.startsWith('@') ? colours.cyan(text) : text;
}
