/** PagerDuty, by Events API v2: one incident an alert, opened, kept up to date and resolved. */
import { createHash } from 'node:crypto';
import { alarmOf } from '../../alerts/alarm.ts';
import type { Alert } from '../../alerts/alert.ts';
import { cleanLine, cut } from '../../alerts/clean.ts';
import { fitted } from '../../alerts/fit.ts';
import type { Severity } from '../../rules/compiled.ts';
import { type Channel, type Outgoing, outsideKey, type RenderContext } from '../channel.ts';
import { type Content, contentOf } from './content.ts';
import { jsonPost } from './json-post.ts';

/** https://developer.pagerduty.com/docs/send-alert-event */
const ENQUEUE = {
  us: 'https://events.pagerduty.com/v2/enqueue',
  eu: 'https://events.eu.pagerduty.com/v2/enqueue',
} as const;
const MOST_BYTES = 512_000;
const LONGEST_SUMMARY = 1_024;
const LONGEST_KEY = 255;
const LONGEST_URL = 8_000;

const SEVERITIES: Readonly<Record<Severity, 'critical' | 'error' | 'warning' | 'info'>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'warning',
  info: 'info',
};

/** A message in between triggers again under the same key, which adds to the incident it belongs to. */
export function renderPagerDuty(
  alert: Alert,
  channel: Extract<Channel, { type: 'pagerduty' }>,
  context: RenderContext,
): Outgoing {
  if (alarmOf(alert)?.state === 'INSUFFICIENT_DATA') {
    return { via: 'nothing', why: 'an alarm without data neither opens nor closes an incident' };
  }
  if (alert.type === 'summary') {
    return { via: 'nothing', why: 'nothing would resolve the incident of a summary' };
  }
  const url = ENQUEUE[channel.region ?? 'us'];
  const head = { routing_key: channel.routingKey, dedup_key: dedupKey(alert, context) };
  if (alert.status === 'resolved') return jsonPost(url, { ...head, event_action: 'resolve' });
  return fitted(alert, (candidate) => {
    const content = contentOf(candidate, context, LONGEST_URL);
    const post = jsonPost(url, {
      ...head,
      event_action: 'trigger',
      client: 'flowlog-alerts',
      payload: payload(candidate, content),
      links: content.buttons.map(({ text, url: href }) => ({ href, text })),
    });
    return post.via === 'http' && Buffer.byteLength(post.body) <= MOST_BYTES ? post : undefined;
  });
}

function dedupKey(alert: Alert, context: RenderContext): string {
  const key = outsideKey(alert, context);
  return key.length <= LONGEST_KEY ? key : createHash('sha256').update(key).digest('hex');
}

function payload(alert: Alert, content: Content): Record<string, unknown> {
  const { headline, facts, samples, silence } = content;
  return {
    summary: cut(headline, LONGEST_SUMMARY),
    source: affected(alert),
    severity: SEVERITIES[alert.rule.severity],
    timestamp: alert.lastSeen,
    component: 'flowlog-alerts',
    group: cleanLine(alert.stage),
    class: cleanLine(alert.rule.id),
    custom_details: {
      ...Object.fromEntries(facts.map(({ name, text }) => [name, text])),
      ...(samples.length > 0 && { Records: samples }),
      ...(silence !== undefined && { Silence: silence }),
      Rule: content.title === '' ? alert.rule.id : `${alert.rule.id}: ${content.title}`,
      ...(alert.rule.tags.length > 0 && { Tags: alert.rule.tags.join(', ') }),
      Stage: alert.stage,
      Alert: alert.id,
    },
  };
}

const TARGETS = ['dstaddr', 'server-addr', 'pkt-dstaddr', 'interface-id', 'instance-id', 'srcaddr'];

/** Who is concerned: the group's target, else where the records come from. */
function affected(alert: Alert): string {
  const field = TARGETS.find((name) => Object.hasOwn(alert.group, name));
  if (field !== undefined)
    return cut(cleanLine(String(alert.group[field])), 200) || 'flowlog-alerts';
  const [source] = alert.sources;
  const words = [
    source?.account,
    source?.region,
    source?.logGroup ?? source?.bucket ?? source?.stream,
  ];
  return cleanLine(words.filter(Boolean).join(' ')) || 'flowlog-alerts';
}
