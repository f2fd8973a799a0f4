/** Which rules cannot work on a log group, by how its flow logs were set up, and what to do about it. */
import { carriedBy } from '../detect/index.ts';
import { shortestInterval } from '../detect/interval.ts';
import { requiredFields } from '../map/4-match/fields.ts';
import type { FlowLogFacts } from '../ports/config-source.ts';
import { type Layout, LayoutError, parseLayout } from '../records/layout.ts';
import { isTransitGateway } from '../records/transit-gateway.ts';
import type { CompiledRule, Match } from '../rules/compiled.ts';
import { fieldsIn } from '../rules/match.ts';
import { canBeLogged, sourcesOf } from './logged.ts';
import { blindSpot, type Trouble } from './notices.ts';
import { canHold } from './possible.ts';
import type { Snapshot } from './snapshot.ts';
import { RESERVED_IDS } from './system-rules.ts';

/** Rules named in one line. */
const MOST_NAMED = 10;

/**
 * By log group, what some rules will never see there. Only what is certain: a rule with an
 * alternative that works is not named.
 */
export function blindSpots({ rules, formats, flowLogs = {} }: Snapshot): Map<string, Trouble> {
  const own = rules.filter(({ id }) => !RESERVED_IDS.has(id));
  const spots = new Map<string, Trouble>();
  for (const group of [...new Set([...Object.keys(formats), ...Object.keys(flowLogs)])].sort()) {
    const lines = [
      ...ofFormats(own, formats[group] ?? []),
      ...ofTraffic(own, flowLogs[group]?.traffic),
      ...ofInterval(own, flowLogs[group]?.interval),
    ];
    const name = `log group ${group}`;
    if (lines.length > 0) {
      spots.set(name, blindSpot([`${name}:`, ...lines.map((line) => `  ${line}`)]));
    }
  }
  return spots;
}

function ofFormats(rules: readonly CompiledRule[], formats: readonly string[]): string[] {
  const layouts = formats.flatMap((format) => layoutOf(format) ?? []);
  const byMissing = new Map<string, Set<string>>();
  for (const layout of layouts) {
    const transitGateway = isTransitGateway(layout.fields);
    for (const rule of rules) {
      const missing = missingFields(rule, layout);
      if (missing.length === 0) continue;
      // A rule about the other kind of flow log was never meant for this group.
      if (!missing.every((field) => canBeLogged(field, transitGateway))) continue;
      const key = missing.join(', ');
      byMissing.set(key, (byMissing.get(key) ?? new Set()).add(rule.id));
    }
  }
  const whose = layouts.length > 1 ? 'one of its formats lacks' : 'its format lacks';
  return [...byMissing]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([fields, ids]) =>
        `${whose} ${fields}, so ${named([...ids])} cannot fire; a format cannot be changed: create the flow log again with ${fields} in it and delete the old one`,
    );
}

function layoutOf(format: string): Layout | undefined {
  try {
    return parseLayout(format);
  } catch (error) {
    if (error instanceof LayoutError) return undefined;
    throw error;
  }
}

/** Fields for want of which a rule cannot fire at all; empty where it can. */
function missingFields(rule: CompiledRule, { fields }: Layout): string[] {
  const logged = new Set(fields.map(({ name }) => name));
  const lacks = (field: string) => sourcesOf(field).some((source) => !logged.has(source));
  const required = fieldsToFire(rule).filter(lacks);
  const known = (field: string) => (lacks(field) ? ({ absent: true } as const) : undefined);
  const dead = matchesOf(rule).filter((match) => !canHold(match, known));
  const named = [...required, ...dead.flatMap(fieldsIn).filter(lacks)];
  const missing = named.flatMap(sourcesOf).filter((source) => !logged.has(source));
  return [...new Set(missing)].sort();
}

/** Fields that a record must have to count at all, and those without which counting comes to nothing. */
function fieldsToFire(rule: CompiledRule): string[] {
  const { detect } = rule;
  const fields = [...requiredFields(rule)];
  const carried = carriedBy(detect);
  const steps = carried.what === 'steps' ? carried.steps : [];
  for (const step of steps) if (step?.what === 'members') fields.push(...step.fields);
  if ('field' in detect && detect.field !== undefined) fields.push(detect.field);
  return fields;
}

/** Conditions each of which must be able to hold. */
function matchesOf({ match, detect }: CompiledRule): Match[] {
  if (detect.kind === 'visibility') return [];
  if (detect.kind === 'ratio') return [{ all: [match, detect.of] }];
  if (detect.kind !== 'sequence') return [match];
  const steps = detect.steps.flatMap((step) => ('match' in step ? [step.match] : []));
  return steps.map((step) => ({ all: [match, step] }));
}

function ofTraffic(rules: readonly CompiledRule[], traffic: FlowLogFacts['traffic']): string[] {
  if (traffic === undefined || traffic === 'ALL') return [];
  const known = (field: string) => (field === 'action' ? { only: traffic } : undefined);
  const blind = rules.filter(
    (rule) =>
      rule.detect.kind === 'unanswered' || matchesOf(rule).some((match) => !canHold(match, known)),
  );
  if (blind.length === 0) return [];
  const ids = blind.map(({ id }) => id);
  return [
    `its flow log takes ${traffic} alone, so ${named(ids)} cannot fire; create it again with traffic type ALL`,
  ];
}

function ofInterval(rules: readonly CompiledRule[], interval: FlowLogFacts['interval']): string[] {
  if (interval !== 600) return [];
  const ids = rules.filter((rule) => shortestInterval(rule) === 60).map(({ id }) => id);
  if (ids.length === 0) return [];
  return [
    `its flow log sums up ten minutes in a record, at which ${named(ids)} ${ids.length > 1 ? 'do' : 'does'} not work (interfaces of Nitro instances report every minute all the same); create it again with a maximum aggregation interval of 60 seconds`,
  ];
}

function named(ids: readonly string[]): string {
  const shown = ids.slice(0, MOST_NAMED).join(', ');
  const rest = ids.length - MOST_NAMED;
  return `${ids.length > 1 ? 'the rules' : 'the rule'} ${shown}${rest > 0 ? ` and ${rest} more` : ''}`;
}
