/** AWS Security Hub: an alert as a finding in the AWS Security Finding Format. */
import { createHash } from 'node:crypto';
import type { Alert } from '../../alerts/alert.ts';
import { cleanLine, cut } from '../../alerts/clean.ts';
import { silenceCommand } from '../../alerts/silence-command.ts';
import { outcomeLine, titleLine } from '../../alerts/status.ts';
import type { Severity } from '../../rules/compiled.ts';
import { protocolName } from '../../rules/protocols.ts';
import { type Outgoing, outsideKey, type RenderContext } from '../channel.ts';
import { techniquesOf } from './attack.ts';
import { type Endpoint, mainFlow } from './endpoints.ts';
import { resourcesOf } from './resources.ts';

/** Characters; https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html */
const LONGEST = { id: 512, title: 256, description: 1_024, text: 512, url: 2_048, field: 2_048 };

const LABELS: Readonly<Record<Severity, string>> = {
  info: 'INFORMATIONAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  critical: 'CRITICAL',
};

/** Security Hub's own taxonomy, by the tactic's name; other tactics are classifiers of TTPs. */
const TYPES: Readonly<Record<string, string>> = {
  Reconnaissance: 'TTPs/Discovery',
  Exfiltration: 'Effects/Data Exfiltration',
  Impact: 'Effects/Denial of Service',
};
const UNUSUAL = 'Unusual Behaviors/Network Flow';
const MOST_TYPES = 10;
/** A finding must have a title and a description. */
const UNNAMED = 'Alert of flowlog-alerts';

/**
 * One finding an alert, kept up to date under its `Id` and archived when it is over. Its workflow is
 * the owner's after the first import: Security Hub ignores it in later ones.
 */
export function renderSecurityHub(alert: Alert, context: RenderContext): Outgoing {
  const over = alert.status === 'resolved';
  const { rule } = alert;
  return {
    via: 'securityhub',
    finding: {
      SchemaVersion: '2018-10-08',
      Id: findingId(alert, context),
      ProductArn: productArn(context),
      ProductName: 'flowlog-alerts',
      CompanyName: 'flowlog-alerts',
      Region: context.region,
      GeneratorId: cut(`flowlog-alerts/${cleanLine(rule.id)}`, LONGEST.id),
      AwsAccountId: context.account,
      Types: typesOf(alert),
      ...times(alert),
      Severity: { Label: LABELS[rule.severity], Original: rule.severity },
      Title: cut(titleLine(alert), LONGEST.title) || UNNAMED,
      Description: description(alert),
      ...remediation(alert, context),
      ...sourceUrl(alert),
      ProductFields: productFields(alert),
      ...network(alert),
      Resources: resources(alert, context),
      RecordState: over ? 'ARCHIVED' : 'ACTIVE',
      Workflow: { Status: over ? 'RESOLVED' : 'NEW' },
      ...(alert.type === 'test' && { Sample: true }),
    },
  };
}

function findingId(alert: Alert, context: RenderContext): string {
  const key = outsideKey(alert, context);
  return key.length <= LONGEST.id ? key : createHash('sha256').update(key).digest('hex');
}

function productArn({ region, account }: RenderContext): string {
  return `arn:${partition(region)}:securityhub:${region}:${account}:product/${account}/default`;
}

function partition(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function typesOf({ rule, type }: Alert): string[] {
  if (type === 'service') return ['Software and Configuration Checks'];
  const types = techniquesOf(rule.tags).map(({ tactic }) => {
    const name = tactic?.name;
    return name === undefined ? UNUSUAL : (TYPES[name] ?? `TTPs/${name}`);
  });
  return [...new Set(types.length === 0 ? [UNUSUAL] : types)].slice(0, MOST_TYPES);
}

/** A later import counts only if its `UpdatedAt` is later. */
function times({ firstSeen, lastSeen, detectedAt }: Alert): Record<string, string> {
  const found: Record<string, string | undefined> = {
    CreatedAt: instant(firstSeen) ?? instant(detectedAt),
    UpdatedAt: instant(detectedAt) ?? instant(lastSeen),
    FirstObservedAt: instant(firstSeen),
    LastObservedAt: instant(lastSeen),
  };
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function instant(iso: string): string | undefined {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function description(alert: Alert): string {
  const words = [outcomeLine(alert), alert.status === 'resolved' ? '' : cleanLine(alert.message)];
  return cut(words.filter(Boolean).join(' ') || titleLine(alert), LONGEST.description) || UNNAMED;
}

function remediation(alert: Alert, { region }: RenderContext): Record<string, unknown> {
  const { runbook } = alert.rule;
  const url = runbook !== undefined && isUrl(runbook) ? runbook : undefined;
  const command = silenceCommand(alert, region);
  const texts = [
    url === undefined ? '' : 'Follow the runbook.',
    command === undefined ? '' : `If it is expected: ${command}`,
  ];
  const text = texts.filter(Boolean).join(' ');
  if (text === '') return {};
  return {
    Remediation: {
      Recommendation: {
        Text: text.length <= LONGEST.text ? text : texts[0] || 'See the source.',
        ...(url !== undefined && { Url: url }),
      },
    },
  };
}

function sourceUrl({ links }: Alert): Record<string, unknown> {
  const url = [links.insights, links.console].find((link) => link !== undefined && isUrl(link));
  return url === undefined ? {} : { SourceUrl: url };
}

function isUrl(text: string): boolean {
  return text.length <= LONGEST.url && /^https?:\/\/\S+$/.test(text) && URL.canParse(text);
}

function productFields(alert: Alert): Record<string, string> {
  const [first] = alert.sources;
  const fields: Record<string, string> = {
    rule: alert.rule.id,
    stage: alert.stage,
    alert: alert.id,
    value: String(alert.value),
    threshold: String(alert.threshold),
    measure: alert.measure ?? '',
    records: String(alert.evidence.records),
    group: JSON.stringify(alert.group),
    tags: alert.rule.tags.join(', '),
    account: first?.account ?? '',
    source: first?.logGroup ?? first?.bucket ?? first?.stream ?? '',
  };
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, text]) => text.trim() !== '')
      .map(([name, text]) => [`flowlog-alerts/${name}`, cut(cleanLine(text), LONGEST.field)]),
  );
}

function network(alert: Alert): Record<string, unknown> {
  const flow = mainFlow(alert);
  if (flow === undefined) return {};
  const { source, target, protocol, direction } = flow;
  const name = protocol === undefined ? undefined : protocolName(protocol);
  return {
    Network: {
      ...(direction === 'inbound' && { Direction: 'IN' }),
      ...(direction === 'outbound' && { Direction: 'OUT' }),
      ...(name !== undefined && { Protocol: name.toUpperCase() }),
      ...end('Source', source),
      ...end('Destination', target),
    },
  };
}

function end(side: 'Source' | 'Destination', { ip, port }: Endpoint): Record<string, unknown> {
  return {
    ...(ip !== undefined && { [`${side}Ip${ip.includes(':') ? 'V6' : 'V4'}`]: ip }),
    ...(port !== undefined && { [`${side}Port`]: port }),
  };
}

const RESOURCE_TYPES: Readonly<Record<string, readonly [type: string, path: string]>> = {
  'AWS::EC2::Instance': ['AwsEc2Instance', 'instance'],
  'AWS::EC2::NetworkInterface': ['AwsEc2NetworkInterface', 'network-interface'],
  'AWS::EC2::VPC': ['AwsEc2Vpc', 'vpc'],
};

/** What the records name; a finding must have a resource, so the account where they name nothing. */
function resources(alert: Alert, context: RenderContext): Record<string, unknown>[] {
  const account = alert.sources[0]?.account ?? context.account;
  const region = alert.sources[0]?.region ?? context.region;
  const place = { Partition: partition(region), Region: region };
  const named = resourcesOf(alert).flatMap(({ type, uid }) => {
    const [kind, path] = RESOURCE_TYPES[type];
    if (!/^[a-z]+-[0-9a-f]+$/.test(uid)) return [];
    const arn = `arn:${place.Partition}:ec2:${region}:${account}:${path}/${uid}`;
    return [{ Type: kind, Id: arn, ...place }];
  });
  if (named.length > 0) return named;
  return [{ Type: 'AwsAccount', Id: `AWS::::Account:${account}`, ...place }];
}
