/** All there is to say about one rule, as an object and as text. */
import { type RuleMetricCosts, ruleMetricCosts } from '../alarms/costs.ts';
import { cleanLine } from '../alerts/clean.ts';
import { formatBytes, formatNumber, formatShare } from '../alerts/english.ts';
import type { RuleEntry } from '../config/rule-book.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { intervalNote } from '../detect/interval.ts';
import type { Shape } from '../generator/shapes.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { measureCost, type RuleCost } from './rule-cost.ts';
import { type FieldNeeds, fieldNeeds } from './rule-fields.ts';
import { memoryOf, type RuleMemory, sizeWords } from './rule-memory.ts';
import {
  fireWords,
  groupWords,
  slotWords,
  toldWords,
  watchWords,
  whenWords,
} from './rule-words.ts';
import { renderTable } from './table.ts';

/** The JSON form of `rules explain`. */
export interface RuleProfile {
  readonly rule: string;
  readonly title: string;
  readonly severity: string;
  readonly state: RuleEntry['state'];
  readonly kind: string;
  readonly watches: readonly string[];
  readonly groups: string;
  readonly window?: string;
  readonly fires: readonly string[];
  readonly when: string;
  readonly tells: readonly string[];
  readonly memory: RuleMemory;
  readonly needs: FieldNeeds;
  /** Longest aggregation interval at which it works, seconds; 0 where it works at none. */
  readonly interval: number;
  readonly intervalNote?: string;
  readonly costs: readonly RuleCost[];
  readonly cloudWatch: RuleMetricCosts;
}

export async function profileOf(
  snapshot: Snapshot,
  entry: RuleEntry,
  shapes: readonly Shape[],
): Promise<RuleProfile> {
  const rule = entry.compiled as CompiledRule;
  const costs: RuleCost[] = [];
  for (const shape of shapes) costs.push(await measureCost(snapshot, shape));
  const window = slotWords(rule);
  const note = intervalNote(rule);
  const measured = Math.max(0, ...costs.map(({ groupBytes }) => groupBytes));
  return {
    rule: rule.id,
    title: rule.title,
    severity: rule.severity,
    state: entry.state,
    kind: rule.detect.kind,
    watches: watchWords(rule),
    groups: groupWords(rule),
    ...(window && { window }),
    fires: fireWords(rule),
    when: whenWords(rule, snapshot.settings),
    tells: toldWords(rule),
    memory: memoryOf(rule, snapshot.settings, measured),
    needs: fieldNeeds(snapshot, rule),
    interval: note?.interval ?? 600,
    ...(note && { intervalNote: note.why }),
    costs,
    cloudWatch: ruleMetricCosts(rule, snapshot.settings.metrics),
  };
}

export function renderProfile(profile: RuleProfile): string[] {
  const { rule, title, severity, state } = profile;
  const blocks: readonly (readonly [string, readonly string[]])[] = [
    ['Watches', profile.watches],
    ['Groups', [profile.groups]],
    ['Window', profile.window === undefined ? [] : [profile.window]],
    ['Fires', profile.fires],
    ['When', [profile.when]],
    ['Tells', profile.tells],
    ['Keeps', [...profile.memory.words, sizeWords(profile.memory)]],
    ['Needs', [...fieldWords(profile.needs), ...intervalWords(profile)]],
  ];
  return [
    `${rule}: ${cleanLine(title)} (${severity}${state === 'in force' ? '' : `, ${state}`})`,
    '',
    ...blocks.flatMap(([name, lines]) =>
      lines.map((line, i) => `${(i === 0 ? name : '').padEnd(9)}${cleanLine(line)}`),
    ),
    '',
    ...costLines(profile.costs),
    '',
    ...cloudWatchLines(profile.cloudWatch),
  ];
}

function fieldWords({ fields, defaultFormat }: FieldNeeds): string[] {
  const named = (required: boolean) =>
    fields
      .filter((field) => field.required === required)
      .map(({ field, version = 0 }) => (version > 2 ? `${field} (version ${version})` : field))
      .join(', ');
  const [required, others] = [named(true), named(false)];
  const more = fields.filter(({ version }) => version !== 2).map(({ field }) => field);
  const verdict = {
    enough: `the default format (version 2) ${more.length === 0 ? 'has them all' : `will do, without ${more.join(', ')}`}`,
    partly: 'the default format (version 2) will do, but some conditions never hold there',
    'not enough': 'the default format (version 2) is not enough: the flow log needs a custom one',
  }[defaultFormat];
  if (fields.length === 0) return ['no field of the format'];
  return [
    ...(required === '' ? [] : [`the fields ${required}`]),
    ...(others === '' ? [] : [`${required === '' ? '' : 'and uses '}${others}`]),
    verdict,
  ];
}

function intervalWords({ interval, intervalNote: why }: RuleProfile): string[] {
  if (why === undefined) return ['aggregation over 1 or 10 minutes'];
  if (interval === 600) return [`aggregation over 1 or 10 minutes; ${why}`];
  if (interval === 60) return [`aggregation over 1 minute, not 10: ${why}`];
  return [`no aggregation interval will do: ${why}`];
}

function costLines(costs: readonly RuleCost[]): string[] {
  const head = [
    { title: 'Traffic' },
    { title: 'matching', align: 'right' },
    { title: 'digests', align: 'right' },
    { title: 'bytes each', align: 'right' },
    { title: 'write units', align: 'right' },
    { title: 'cents a million', align: 'right' },
  ] as const;
  const rows = costs.map((cost) => [
    cost.shape,
    formatShare(cost.matching),
    formatNumber(cost.digests),
    cost.digests === 0 ? '-' : formatBytes(cost.digestBytes),
    formatNumber(cost.writeUnits),
    cost.centsPerMillion.toFixed(2),
  ]);
  return [
    ...renderTable(head, rows),
    '',
    'Digests and write units of 1,000 batches of 100 records; cents to write those of a million records.',
    'That is the rule alone: in a batch that other rules match too, it shares their digest.',
  ];
}

function cloudWatchLines({
  metrics,
  metricHour,
  alarmMonth,
  mostMonth,
}: RuleMetricCosts): string[] {
  const many = metrics.length > 1;
  const names = metrics.join(', ').replace(/, ([^,]*)$/, ' and $1');
  const hour = `${dollars(metricHour, 4)}${many ? ' each' : ''} for an hour with data`;
  const alarm = alarmMonth === undefined ? '' : `, and the alarm at ${dollars(alarmMonth)} a month`;
  return [
    `In CloudWatch: the metric${many ? 's' : ''} ${names} at ${hour}${alarm}; at most ${dollars(mostMonth)} a month.`,
  ];
}

function dollars(amount: number, places = 2): string {
  return `$${amount.toFixed(places)}`;
}
