/** OCSF: an alert as a Detection Finding, for a security lake or whatever else reads the schema. */
import type { Alert } from '../../alerts/alert.ts';
import { cut } from '../../alerts/clean.ts';
import { fitted } from '../../alerts/fit.ts';
import { outcomeLine } from '../../alerts/status.ts';
import type { Severity } from '../../rules/compiled.ts';
import { type Channel, type Outgoing, outsideKey, type RenderContext } from '../channel.ts';
import { ATTACK_VERSION, techniquesOf } from './attack.ts';
import { jsonPost } from './json-post.ts';
import { evidencesOf, observablesOf } from './ocsf-evidence.ts';
import { resourcesOf } from './resources.ts';

/** https://schema.ocsf.io/1.8.0/classes/detection_finding */
const OCSF_VERSION = '1.8.0';
const CATEGORY = 2;
const CLASS = 2004;

/** What SNS takes of a message; a web receiver has no reason to want more. */
const MOST_BYTES = 250_000;

const ACTIVITIES = {
  firing: { id: 1, name: 'Create' },
  updated: { id: 2, name: 'Update' },
  resolved: { id: 3, name: 'Close' },
} as const;

const STATUSES = {
  firing: { id: 1, name: 'New' },
  updated: { id: 1, name: 'New' },
  resolved: { id: 4, name: 'Resolved' },
} as const;

const SEVERITIES: Readonly<Record<Severity, { readonly id: number; readonly name: string }>> = {
  info: { id: 1, name: 'Informational' },
  low: { id: 2, name: 'Low' },
  medium: { id: 3, name: 'Medium' },
  high: { id: 4, name: 'High' },
  critical: { id: 5, name: 'Critical' },
};

type OcsfChannel = Extract<Channel, { type: 'ocsf' }>;

/** The finding is the whole body or message. */
export function renderOcsf(alert: Alert, channel: OcsfChannel, context: RenderContext): Outgoing {
  const finding = fitted(alert, (candidate) => {
    const whole = detectionFinding(candidate, context);
    return Buffer.byteLength(JSON.stringify(whole)) <= MOST_BYTES ? whole : undefined;
  });
  if ('url' in channel) return jsonPost(channel.url, finding);
  const attributes = {
    class_uid: String(CLASS),
    severity: alert.rule.severity,
    status: alert.status,
  };
  return { via: 'sns', topic: channel.topic, message: JSON.stringify(finding), attributes };
}

/** Times are Unix milliseconds. */
function detectionFinding(alert: Alert, context: RenderContext): Record<string, unknown> {
  const { rule, evidence } = alert;
  const activity = ACTIVITIES[alert.status];
  const status = STATUSES[alert.status];
  const severity = SEVERITIES[rule.severity];
  const outcome = outcomeLine(alert);
  return {
    category_uid: CATEGORY,
    category_name: 'Findings',
    class_uid: CLASS,
    class_name: 'Detection Finding',
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: CLASS * 100 + activity.id,
    type_name: `Detection Finding: ${activity.name}`,
    severity_id: severity.id,
    severity: severity.name,
    status_id: status.id,
    status: status.name,
    ...(outcome !== '' && { status_detail: outcome }),
    is_alert: alert.status !== 'resolved' && alert.type !== 'test',
    ...time('time', alert.detectedAt),
    ...time('start_time', alert.firstSeen),
    ...time('end_time', alert.lastSeen),
    count: Math.max(1, evidence.records),
    message: alert.message,
    finding_info: findingInfo(alert, context),
    ...some('evidences', evidencesOf(alert)),
    ...some('observables', observablesOf(alert)),
    ...some('resources', resourcesOf(alert)),
    ...remediation(alert),
    cloud: {
      provider: 'AWS',
      region: alert.sources[0]?.region ?? context.region,
      account: { uid: alert.sources[0]?.account ?? context.account },
    },
    metadata: metadata(alert, context),
    unmapped: {
      group: alert.group,
      value: alert.value,
      threshold: alert.threshold,
      ...(alert.measure !== undefined && { measure: alert.measure }),
      suppressed: alert.suppressed,
      visibility: alert.visibility,
      sources: alert.sources,
      top: evidence.top,
      ...(alert.omitted !== undefined && { omitted: alert.omitted }),
    },
  };
}

function findingInfo(alert: Alert, context: RenderContext): Record<string, unknown> {
  const { rule } = alert;
  const attacks = techniquesOf(rule.tags).map(({ technique, sub, tactic }) => ({
    technique,
    ...(sub !== undefined && { sub_technique: sub }),
    ...(tactic !== undefined && { tactic }),
    version: ATTACK_VERSION,
  }));
  const link = alert.links.insights ?? alert.links.console;
  return {
    uid: outsideKey(alert, context),
    title: rule.title,
    desc: alert.message,
    analytic: { type_id: 1, type: 'Rule', uid: rule.id, name: rule.title },
    ...some('attacks', attacks),
    ...some('types', rule.tags),
    data_sources: ['Amazon VPC Flow Logs'],
    ...time('first_seen_time', alert.firstSeen),
    ...time('last_seen_time', alert.lastSeen),
    ...time('modified_time', alert.detectedAt),
    ...(link !== undefined && { src_url: link }),
  };
}

function metadata(alert: Alert, context: RenderContext): Record<string, unknown> {
  const labels = [
    `stage:${alert.stage}`,
    ...(alert.type === 'alert' ? [] : [`type:${alert.type}`]),
  ];
  const [source] = alert.sources;
  return {
    version: OCSF_VERSION,
    product: { name: 'flowlog-alerts', vendor_name: 'flowlog-alerts', uid: 'flowlog-alerts' },
    profiles: ['cloud'],
    uid: `${alert.id}-${alert.seq}`,
    correlation_uid: alert.id,
    event_code: alert.rule.id,
    sequence: alert.seq,
    tenant_uid: context.account,
    labels,
    ...(source?.logGroup !== undefined && { log_name: source.logGroup }),
    original_time: alert.detectedAt,
    is_truncated: alert.omitted !== undefined,
  };
}

function remediation({ rule }: Alert): Record<string, unknown> {
  const references = [...(rule.runbook === undefined ? [] : [rule.runbook]), ...rule.references];
  if (references.length === 0) return {};
  const desc = rule.runbook === undefined ? 'See the references.' : 'Follow the runbook.';
  return { remediation: { desc, references: references.map((text) => cut(text, 2_000)) } };
}

/** A time that cannot be read is left out, not guessed. */
function time(name: string, iso: string): Record<string, number> {
  const value = Date.parse(iso);
  return Number.isNaN(value) ? {} : { [name]: value };
}

function some<T>(name: string, values: readonly T[]): Record<string, readonly T[]> {
  return values.length === 0 ? {} : { [name]: values };
}
