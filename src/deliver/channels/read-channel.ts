/** The document of a channel; what is wrong with it is told without repeating a value of it. */
import { z } from 'zod';
import { readSingle } from '../../config/text.ts';
import { formatPath, type Path, type Problem } from '../../rules/problem.ts';
import { Reporter } from '../../rules/reporter.ts';
import { didYouMean } from '../../rules/suggest.ts';
import { allowedKeys, schemaAt, wanted, wantedText } from '../../rules/wanted.ts';
import type { Channel } from '../channel.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const url = wanted(
  'a URL with https:// (http:// to this machine alone), without user name, password or fragment',
  z.string().max(2_048).refine(isSafe),
);

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

const routingKey = wanted(
  'an integration key of 32 letters and digits (Events API v2)',
  z.string().regex(/^[A-Za-z0-9]{32}$/),
);

const secret = wanted('a text of 16 to 256 characters', z.string().min(16).max(256));

const topic = wanted(
  'the ARN of a standard SNS topic',
  z.string().regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/),
);

const SCHEMAS = {
  slack: z.strictObject({ type: z.literal('slack'), url }),
  teams: z.strictObject({ type: z.literal('teams'), url }),
  pagerduty: z.strictObject({
    type: z.literal('pagerduty'),
    routingKey,
    region: z.enum(['us', 'eu']).optional(),
  }),
  webhook: z.strictObject({ type: z.literal('webhook'), url, secret }),
  chatbot: z.strictObject({ type: z.literal('chatbot') }),
  securityhub: z.strictObject({ type: z.literal('securityhub') }),
  ocsf: z.strictObject({ type: z.literal('ocsf'), url: url.optional(), topic: topic.optional() }),
} as const;

const TYPES = Object.keys(SCHEMAS) as readonly Channel['type'][];

export interface ChannelResult {
  /** Undefined where there is an error. */
  readonly channel?: Channel;
  readonly problems: readonly Problem[];
}

/**
 * Reads a channel from YAML or JSON. No problem quotes the text, as any part of it may be a secret
 * in the wrong place.
 * @param origin what a person would open: the parameter's name, or `standard input`
 */
export function readChannel(text: string, origin: string): ChannelResult {
  const { documents, problems } = readSingle({ path: 'channels', origin, text }, 'channels');
  const [read] = documents;
  if (!read) return { problems: problems.map(silent) };
  const report = new Reporter(origin, read);
  const channel = check(read.value, report);
  return { ...(channel && !report.failed && { channel }), problems: report.problems };
}

/** The parser's own words may quote what it stumbled over. */
function silent(problem: Problem): Problem {
  const { message } = problem;
  return message.startsWith('not valid') || message.startsWith('its aliases')
    ? { ...problem, message: 'not valid YAML or JSON' }
    : problem;
}

function check(value: unknown, report: Reporter): Channel | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return report.error([], 'not a channel; wanted: a block with type', 'e.g. { type: chatbot }');
  }
  const type = (value as Record<string, unknown>).type;
  const known = TYPES.find((name) => name === type);
  if (known === undefined) {
    const found = type === undefined ? 'is missing' : 'is none that is known';
    const hint = typeof type === 'string' ? didYouMean(type, TYPES) : undefined;
    return report.error(['type'], `${found}; wanted: one of ${TYPES.join(', ')}`, hint);
  }
  const schema = SCHEMAS[known];
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) reportIssue(schema, value, issue, report);
    return undefined;
  }
  const channel = parsed.data;
  if (channel.type === 'ocsf' && (channel.url === undefined) === (channel.topic === undefined)) {
    return report.error([], 'wanted: either url or topic');
  }
  return channel as Channel;
}

function reportIssue(
  schema: z.ZodType,
  value: object,
  issue: z.core.$ZodIssue,
  report: Reporter,
): void {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeys(schemaAt(schema, path)) ?? [];
    for (const key of issue.keys) {
      const message = `an unknown key; allowed: ${allowed.join(', ')}`;
      report.error(path, message, didYouMean(key, allowed));
    }
    return;
  }
  const found = (value as Record<string, unknown>)[formatPath(path)];
  const state = found === undefined ? 'is missing' : 'is not right';
  const hint = typeof found === 'number' ? 'put it in quotes: it reads as a number' : undefined;
  report.error(path, `${state}; wanted: ${wantedText(schemaAt(schema, path))}`, hint);
}
