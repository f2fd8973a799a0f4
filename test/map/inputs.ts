import type { Snapshot } from '../../src/config/snapshot.ts';
import { DEFAULT_ENGINE_SETTINGS } from '../../src/config/snapshot.ts';
import type { Batch } from '../../src/map/1-decode/lines.ts';
import type { Source } from '../../src/ports/source.ts';
import { DEFAULT_FORMAT, parseLayout } from '../../src/records/layout.ts';
import type {
  CompiledFilter,
  CompiledList,
  CompiledRule,
  Match,
  Test,
} from '../../src/rules/compiled.ts';

export const SOURCE: Source = {
  kind: 'logGroup',
  name: '/vpc/flow',
  account: '123456789012',
  region: 'eu-west-1',
};

/** What a test may say of an input beside its lines. */
export interface InputOptions {
  /** LogFormats or header lines; the default format when absent. */
  readonly formats?: readonly string[];
  /** Event times, Unix seconds. */
  readonly times?: readonly number[];
  readonly identity?: string;
}

/** Lines as map gets them, each exactly as given, whatever bytes it holds. */
export function inputOf(
  lines: readonly (string | Uint8Array)[],
  options: InputOptions = {},
): Batch {
  const texts = lines.map((line) => Buffer.from(line as string));
  const starts = new Uint32Array(lines.length);
  const ends = new Uint32Array(lines.length);
  let at = 0;
  texts.forEach((text, i) => {
    starts[i] = at;
    at += text.length;
    ends[i] = at++;
  });
  const bytes = Buffer.concat(texts.flatMap((text) => [text, Buffer.from('\n')]));
  const times = options.times && Float64Array.from(options.times);
  return {
    lines: { bytes, starts, ends, count: lines.length, faults: {}, ...(times ? { times } : {}) },
    source: SOURCE,
    layouts: (options.formats ?? [DEFAULT_FORMAT]).map(parseLayout),
    identity: options.identity ?? 'ab'.repeat(16),
  };
}

/** Fields of a flow, to be written in the default format. */
export interface Flow {
  readonly srcaddr?: string;
  readonly dstaddr?: string;
  readonly srcport?: number | string;
  readonly dstport?: number | string;
  readonly protocol?: number | string;
  readonly packets?: number | string;
  readonly bytes?: number | string;
  readonly start?: number | string;
  readonly end?: number | string;
  readonly action?: string;
  readonly status?: string;
}

/** A line of the default format; what is not given is an ordinary accepted HTTPS request. */
export function line(flow: Flow = {}): string {
  const start = flow.start ?? 1_700_000_000;
  return [
    2,
    '123456789012',
    'eni-0123456789abcdef0',
    flow.srcaddr ?? '10.0.0.10',
    flow.dstaddr ?? '10.0.0.20',
    flow.srcport ?? 49_152,
    flow.dstport ?? 443,
    flow.protocol ?? 6,
    flow.packets ?? 10,
    flow.bytes ?? 840,
    start,
    flow.end ?? Number(start) + 59,
    flow.action ?? 'ACCEPT',
    flow.status ?? 'OK',
  ].join(' ');
}

export const PRIVATE: CompiledList = {
  numbers: [],
  strings: [],
  cidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
};

export function ruleOf(id: string, match: Match, more: Partial<CompiledRule> = {}): CompiledRule {
  return {
    id,
    title: id,
    severity: 'low',
    tags: [],
    references: [],
    match,
    detect: { kind: 'every' },
    by: [],
    cooldown: 3_600,
    storm: 20,
    to: ['default'],
    mode: 'live',
    alarm: false,
    resolve: false,
    ...more,
  };
}

export function snapshotOf(
  rules: readonly CompiledRule[],
  filters: readonly CompiledFilter[] = [],
  lists: Readonly<Record<string, CompiledList>> = {},
): Snapshot {
  return {
    version: 1,
    settings: DEFAULT_ENGINE_SETTINGS,
    rules,
    filters,
    lists: { internal: PRIVATE, ...lists },
    formats: {},
  };
}

/** Everything matches. */
export const ALWAYS: Match = { all: [] };

export function leaf(field: string, test: Test): Match {
  return { field, test, path: `match.${field}` };
}

export const port = (from: number, to = from): Match =>
  leaf('dstport', { in: { numbers: [[from, to]] } });
