/** The flows of a rule's tests: defaults, copies and their times. */
import type { Batch } from '../map/1-decode/lines.ts';
import type { Source } from '../ports/source.ts';
import { formatDuration, parseDuration } from '../rules/duration.ts';
import type { FlowTemplate } from '../rules/test-schema.ts';
import { batchOfRecords, type FieldValue, RecordError, recordText } from './records.ts';
import { textOfCopies } from './vary.ts';

/** When the first flow of a test begins unless it says so: 2026-01-01T00:00:00Z, Unix seconds. */
export const BASE_TIME = 1_767_225_600;

/** Seconds from start to end of a flow that does not say so. */
const INTERVAL = 59;

/** What a test's flow has unless it says otherwise: an ordinary accepted HTTPS flow. */
const FLOW_DEFAULTS: Readonly<Record<string, FieldValue>> = {
  version: 2,
  'account-id': '123456789012',
  'interface-id': 'eni-0123456789abcdef0',
  srcaddr: '10.0.0.10',
  dstaddr: '10.0.0.20',
  srcport: 49_152,
  dstport: 443,
  protocol: 6,
  packets: 10,
  bytes: 840,
  action: 'ACCEPT',
  'log-status': 'OK',
};

const SOURCE: Source = { kind: 'file', name: 'rule-test' };
const BATCH_LINES = 8_192;
/** A batch spans no more, as it would in deployment: what is far behind a batch's latest counts as late. */
const BATCH_SECONDS = 3_600;

interface Flow {
  readonly names: readonly string[];
  readonly line: (copy: number) => string;
  readonly first: number;
  readonly every: number;
  readonly copies: number;
}

/**
 * The flows of one test as batches, in the order of their times.
 * @throws RecordError that says which flow cannot be written, and why
 */
export function* batchesOfFlows(templates: readonly FlowTemplate[]): Generator<Batch> {
  const flows = templates.map((template, i) => {
    try {
      return flowOf(template);
    } catch (error) {
      if (error instanceof RecordError) throw new RecordError(`flow ${i + 1}: ${error.message}`);
      throw error;
    }
  });
  const places = flows.flatMap((flow) =>
    Array.from({ length: flow.copies }, (_, copy) => ({ flow, copy })),
  );
  places.sort((a, b) => timeOf(a) - timeOf(b));
  let names: readonly string[] = [];
  let lines: string[] = [];
  let batches = 0;
  let began = 0;
  for (const place of places) {
    const { flow, copy } = place;
    const same = names.length === flow.names.length && names.every((n, i) => n === flow.names[i]);
    const full = lines.length === BATCH_LINES || timeOf(place) - began >= BATCH_SECONDS;
    if ((!same || full) && lines.length > 0) {
      yield batchOfRecords(names, lines, SOURCE, String(batches++));
      lines = [];
    }
    if (lines.length === 0) began = timeOf(place);
    names = flow.names;
    lines.push(flow.line(copy));
  }
  if (lines.length > 0) yield batchOfRecords(names, lines, SOURCE, String(batches));
}

function timeOf({ flow, copy }: { flow: Flow; copy: number }): number {
  return flow.first + copy * flow.every;
}

function flowOf(template: FlowTemplate): Flow {
  const { repeat = 1, every = 0, at = 0, vary = {}, ...given } = template;
  const step = seconds('every', every);
  const offset = seconds('at', at);
  const { start: givenStart, end: givenEnd, ...fields } = given as Record<string, FieldValue>;
  const { names, texts } = recordText({ ...FLOW_DEFAULTS, ...fields });
  const start = timeOfField('start', givenStart, BASE_TIME);
  const end = timeOfField('end', givenEnd, (start ?? BASE_TIME) + INTERVAL);
  const times: readonly (readonly [string, number | undefined])[] = [
    ['start', start],
    ['end', end],
  ];
  const present = times.filter((time): time is [string, number] => time[1] !== undefined);
  const before = textOfCopies(names, texts, vary, repeat);
  return {
    names: [...names, ...present.map(([name]) => name)],
    line: (copy) =>
      [before(copy), ...present.map(([, time]) => time + offset + copy * step)].join(' '),
    first: (start ?? end ?? BASE_TIME) + offset,
    every: step,
    copies: repeat,
  };
}

/** Unix seconds; undefined where the test says that the field is absent. */
function timeOfField(name: string, value: FieldValue, fallback: number): number | undefined {
  if (value === undefined) return fallback;
  if (value === null) return undefined;
  const { texts } = recordText({ [name]: value });
  const time = Number(texts[0]);
  if (!Number.isSafeInteger(time) || time < 0) {
    throw new RecordError(`${name} cannot be ${JSON.stringify(value)}: Unix seconds or ISO 8601`);
  }
  return time > 1e11 ? Math.floor(time / 1000) : time;
}

function seconds(key: string, value: string | number): number {
  const found = parseDuration(value);
  if (found !== undefined) return found;
  throw new RecordError(
    `${key} cannot be ${JSON.stringify(value)}; write a duration such as ${formatDuration(300)}`,
  );
}
