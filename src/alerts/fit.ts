/** Makes an alert smaller, least important first, until it fits, and says what went. */
import type { Alert } from './alert.ts';
import { cut } from './clean.ts';

/** Each takes one thing away, or answers undefined when it has nothing to take. */
type Reduction = (alert: Alert) => Alert | undefined;

const TEXT = 1_000;

/** Applies reductions until `render` accepts; the last form is a few kilobytes at most. */
export function fitted<T>(alert: Alert, render: (candidate: Alert) => T | undefined): T {
  let candidate = alert;
  for (let step = 0; ; ) {
    const rendered = render(candidate);
    if (rendered !== undefined) return rendered;
    let smaller: Alert | undefined;
    while (smaller === undefined) {
      const reduction = REDUCTIONS[step];
      if (reduction === undefined) throw new Error(`alert ${alert.id} cannot be made to fit`);
      smaller = reduction(candidate);
      if (smaller === undefined) step++;
    }
    candidate = smaller;
  }
}

function omit(alert: Alert, name: string, count: number): Alert {
  const omitted = { ...alert.omitted, [name]: (alert.omitted?.[name] ?? 0) + count };
  return { ...alert, omitted };
}

function fewerSamples(alert: Alert): Alert | undefined {
  const { samples } = alert.evidence;
  if (samples.length === 0) return undefined;
  const evidence = { ...alert.evidence, samples: samples.slice(0, -1) };
  return omit({ ...alert, evidence }, 'samples', 1);
}

/** Top lists to one value each, then none. */
function fewerTops(alert: Alert): Alert | undefined {
  const entries = Object.entries(alert.evidence.top);
  const keep = entries.some(([, values]) => values.length > 1) ? 1 : 0;
  const gone = entries.reduce((sum, [, values]) => sum + Math.max(0, values.length - keep), 0);
  if (gone === 0) return undefined;
  const top = keep
    ? Object.fromEntries(entries.map(([field, values]) => [field, values.slice(0, keep)]))
    : {};
  return omit({ ...alert, evidence: { ...alert.evidence, top } }, 'top', gone);
}

function noContext(alert: Alert): Alert | undefined {
  const count = Object.keys(alert.context).length;
  return count === 0 ? undefined : omit({ ...alert, context: {} }, 'context', count);
}

function firstSource(alert: Alert): Alert | undefined {
  const gone = alert.sources.length - 1;
  return gone > 0
    ? omit({ ...alert, sources: alert.sources.slice(0, 1) }, 'sources', gone)
    : undefined;
}

function noLinks(alert: Alert): Alert | undefined {
  const count = Object.keys(alert.links).length;
  return count === 0 ? undefined : omit({ ...alert, links: {} }, 'links', count);
}

function noReferences(alert: Alert): Alert | undefined {
  const { references, tags } = alert.rule;
  const gone = references.length + tags.length;
  if (gone === 0) return undefined;
  return omit({ ...alert, rule: { ...alert.rule, references: [], tags: [] } }, 'references', gone);
}

/** Every text that is left, to a thousand characters. */
function shorterTexts(alert: Alert): Alert | undefined {
  let gone = 0;
  const short = (value: unknown): unknown => {
    if (typeof value === 'string') {
      gone += Math.max(0, value.length - TEXT);
      return cut(value, TEXT);
    }
    if (Array.isArray(value)) return value.map(short);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, short(member)]));
  };
  const smaller = short(alert) as Alert;
  return gone === 0 ? undefined : omit(smaller, 'characters', gone);
}

const REDUCTIONS: readonly Reduction[] = [
  fewerSamples,
  fewerTops,
  noContext,
  shorterTexts,
  firstSource,
  noReferences,
  noLinks,
];
