/** A CloudWatch alarm's message on the topic, told as an alert so that every channel can show it. */
import { createHash } from 'node:crypto';
import type { AlarmState } from '../alerts/alarm.ts';
import type { Alert, AlertStatus, AlertType } from '../alerts/alert.ts';
import { cleanLine, cut } from '../alerts/clean.ts';
import { cloudWatchConsole, fragmentValue } from '../alerts/console-url.ts';
import { formatDuration } from '../alerts/english.ts';
import { type CompiledRule, SEVERITIES, type Severity } from '../rules/compiled.ts';
import type { RenderContext } from './channel.ts';

type Json = Readonly<Record<string, unknown>>;

/** What of a rule its alarm's alert takes over. */
export type AlarmRule = Pick<
  CompiledRule,
  'id' | 'title' | 'severity' | 'tags' | 'runbook' | 'references' | 'to'
>;

/** What rules have that name no channel. */
const DEFAULT_CHANNELS = ['default'] as const;

const STATUS: Readonly<Record<AlarmState, AlertStatus>> = {
  ALARM: 'firing',
  INSUFFICIENT_DATA: 'updated',
  OK: 'resolved',
};

/**
 * The alert of an alarm, or undefined for a text that is no alarm message. Its `id` is the alarm's
 * own, from one state to the next, so that OK closes what ALARM opened; `seq` is the time of the
 * transition in milliseconds, so that two copies of one message are the same notification.
 * @param rules by id; the alarm of a rule speaks in the rule's name
 */
export function alertOfAlarm(
  text: string,
  { region, stage }: Pick<RenderContext, 'region' | 'stage'>,
  rules: ReadonlyMap<string, AlarmRule> = new Map(),
): Alert | undefined {
  const message = object(parsed(text));
  const name = string(message.AlarmName);
  const state = string(message.NewStateValue);
  const changed = Date.parse(string(message.StateChangeTime));
  if (name === '' || !Object.hasOwn(STATUS, state) || Number.isNaN(changed)) return undefined;
  const arn = string(message.AlarmArn);
  const at = new Date(changed).toISOString();
  const { type, id, severity } = owner(name, stage);
  const rule = type === 'alert' ? rules.get(id) : undefined;
  const heading = rule?.title ?? title(message, name);
  const account = string(message.AWSAccountId);
  const where = arn.split(':')[3] || region;
  const trigger = object(message.Trigger);
  return {
    version: 1,
    type,
    stage,
    id: `alarm-${hash(arn || `${account}/${where}/${name}`)}`,
    seq: changed,
    status: STATUS[state as AlarmState],
    rule: {
      id,
      title: heading,
      severity: rule?.severity ?? severity ?? 'high',
      tags: rule?.tags ?? [],
      ...runbook(rule, string(message.AlarmDescription)),
      references: rule?.references ?? [],
    },
    group: {},
    window: { start: at, end: at },
    firstSeen: at,
    lastSeen: at,
    detectedAt: at,
    value: 0,
    threshold: 0,
    suppressed: 0,
    message: rule === undefined ? heading : `${heading}: metric alarm`,
    evidence: { records: 0, bytes: 0, packets: 0, samples: [], top: {} },
    sources: [{ ...(account !== '' && { account }), region: where, records: 0 }],
    visibility: { skipped: 0, malformed: 0, lagSeconds: 0, covered: true },
    links: links(where, name),
    context: { alarm: alarmContext(message, trigger, name, arn, state, rule) },
    to: rule?.to ?? (type === 'alert' ? DEFAULT_CHANNELS : []),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}

interface Owner {
  readonly type: AlertType;
  readonly id: string;
  readonly severity?: Severity;
}

/** Whose alarm it is, by its name; one of no kind of ours is somebody's own on our topic. */
function owner(name: string, stage: string): Owner {
  const own = `flowlog-alerts/${stage}/`;
  const path = name.startsWith(own) ? name.slice(own.length) : '';
  if (path.startsWith('rule/')) return { type: 'alert', id: path.slice('rule/'.length) };
  // One of all rules of a severity, without a rule of its own.
  const severity = SEVERITIES.find((known) => path === `severity/${known}`);
  if (severity !== undefined) return { type: 'alert', id: path, severity };
  return {
    type: 'service',
    id: path.startsWith('service/') ? path.slice('service/'.length) : name,
  };
}

/** The first sentence of the description: it is written for whoever reads it at night. */
function title(message: Json, name: string): string {
  const description = cleanLine(string(message.AlarmDescription));
  const [first] = description.split(/(?<=[.!?])\s/);
  return cut(first || name, 200);
}

/** What the description says beyond the title: above all what to do. */
function about(message: Json, rule: AlarmRule | undefined): string {
  const description = cleanLine(string(message.AlarmDescription));
  if (rule !== undefined) return description;
  return description.slice(title(message, '').length).trim();
}

function runbook(rule: AlarmRule | undefined, description: string): { runbook?: string } {
  const url = rule?.runbook ?? /https:\/\/[^\s<>"')]+/.exec(description)?.[0];
  return url === undefined ? {} : { runbook: url.replace(/[.,;]$/, '') };
}

function links(region: string, name: string): Record<string, string> {
  const home = cloudWatchConsole(region);
  return home === undefined ? {} : { console: `${home}#alarmsV2:alarm/${fragmentValue(name)}` };
}

/** What the alarm watches, as far as its kind says: one metric, an expression, other alarms. */
function alarmContext(
  message: Json,
  trigger: Json,
  name: string,
  arn: string,
  state: string,
  rule: AlarmRule | undefined,
): Record<string, unknown> {
  const children = Array.isArray(message.TriggeringChildren) ? message.TriggeringChildren : [];
  const names = children.map((child) => string(object(child).Arn)).filter(Boolean);
  const entries: Record<string, string> = {
    name,
    arn,
    state,
    before: string(message.OldStateValue),
    about: about(message, rule),
    reason: string(message.NewStateReason),
    metric: metricText(trigger),
    rule: string(message.AlarmRule),
    children: names.map((child) => child.split(':').slice(6).join(':')).join(', '),
  };
  return Object.fromEntries(Object.entries(entries).filter(([, text]) => text !== ''));
}

/** `FlowlogAlerts Matches (Stage prod, Rule ssh), Sum in 1 minute`; of an expression, its metrics. */
function metricText(trigger: Json): string {
  const metrics = Array.isArray(trigger.Metrics) ? trigger.Metrics : [];
  if (metrics.length > 0) {
    const texts = metrics.map((entry) => {
      const { Expression, MetricStat } = object(entry);
      const stat = object(MetricStat);
      return (
        string(Expression) || oneMetric({ ...stat, ...object(stat.Metric), Statistic: stat.Stat })
      );
    });
    return texts.filter(Boolean).join('; ');
  }
  return oneMetric(trigger);
}

function oneMetric(metric: Json): string {
  const name = [string(metric.Namespace), string(metric.MetricName)].filter(Boolean).join(' ');
  if (name === '') return '';
  const dimensions = (Array.isArray(metric.Dimensions) ? metric.Dimensions : [])
    .map((dimension) => object(dimension))
    .map(({ name: key, value }) => `${string(key)} ${string(value)}`);
  const of = dimensions.length > 0 ? ` (${dimensions.join(', ')})` : '';
  const statistic = string(metric.Statistic) || string(metric.ExtendedStatistic);
  const period = typeof metric.Period === 'number' ? ` in ${formatDuration(metric.Period)}` : '';
  return `${name}${of}${statistic === '' ? '' : `, ${statistic}${period}`}`;
}
