/** `explain`: one record against every rule. */
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { Batch } from '../map/1-decode/lines.ts';
import type { RuleExplanation } from '../map/4-match/explain.ts';
import type { LayoutChooser } from '../replay/inputs/payloads.ts';
import type { FieldValue } from '../replay/records.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Io } from './io.ts';
import { type GlobalOptions, withExample } from './options.ts';

interface ExplainFlags extends GlobalOptions {
  readonly rules?: string;
  readonly format?: string;
}

/** Adds the verb. */
export function addExplain(program: Command, context: Context): void {
  const command = program
    .command('explain')
    .summary('show which rules a record meets, and why not the others')
    .description(
      'Show which rules a record meets; for the others, which clause failed, which filter hides the ' +
        'record or which group field it lacks.\n\n' +
        'RECORD is a flow-log line or a JSON object of field names and values, such as a sample of an ' +
        'alert; - reads it from standard input, with a header line if there is one.',
    )
    .argument('<record>', 'the record; quote it')
    .option(
      '--rules <dir>',
      'folder of rules, lists, filters and settings (default: the built-in rules)',
    )
    .option('--format <format>', 'LogFormat of the line (default: version 2)')
    .action(async (record: string) => {
      await explainCommand(record, command.optsWithGlobals<ExplainFlags>(), context);
    });
  withExample(
    command,
    "flowlog-alerts explain '2 123456789012 eni-0a1b 28.66.6.11 10.0.0.5 51515 22 6 9 1200 1767225600 1767225659 ACCEPT OK'",
    `flowlog-alerts explain '{"srcaddr": "28.66.6.11", "dstport": 22}' --rules my-rules`,
  );
}

async function explainCommand(
  record: string,
  flags: ExplainFlags,
  { io, out, err }: Context,
): Promise<void> {
  const [{ usableConfig }, { layoutChooser }, { explainRecord }, text, { coloursFor }] =
    await Promise.all([
      import('./config.ts'),
      import('./layouts.ts'),
      import('../map/4-match/explain.ts'),
      import('./explain-text.ts'),
      import('./colours.ts'),
    ]);
  const { snapshot } = await usableConfig(flags.rules, err);
  const batch = await firstRecord(record, layoutChooser(flags.format, snapshot.formats), io);
  await refuseUnreadable(batch);
  const explanations = explainRecord(snapshot, batch);
  const lines = flags.json
    ? explanations.map((explanation) => JSON.stringify(text.explanationJson(explanation)))
    : text.renderExplanations(
        explanations as readonly RuleExplanation[],
        coloursFor(io.stdout, io.env),
      );
  for (const line of lines) await out.line(line);
}

/** The first record of what was given. */
async function firstRecord(record: string, layoutsOf: LayoutChooser, io: Io): Promise<Batch> {
  const { readBatches } = await import('../replay/inputs/read.ts');
  const bytes = record === '-' ? await readAll(io.stdin) : Buffer.from(record);
  const fields = fieldMap(bytes.toString());
  if (fields) return batchOfFields(fields);
  const outcome = { recognised: false };
  const stream = Readable.from([bytes]);
  for await (const batch of readBatches('the record', stream, { layoutsOf }, outcome)) {
    if (batch.lines.count > 0) return batch;
  }
  throw new CommandError(EXIT.failed, 'There is no record in that.');
}

const MOST_INPUT = 1024 * 1024;

async function readAll(stdin: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stdin) {
    pieces.push(Buffer.from(piece));
    size += piece.length;
    // One record is wanted; the first piece of a long log holds it.
    if (size > MOST_INPUT) break;
  }
  return Buffer.concat(pieces);
}

/** A JSON object of fields; undefined for a line, and for JSON that carries lines. */
function fieldMap(text: string): Record<string, FieldValue> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value = JSON.parse(text) as Record<string, FieldValue>;
    const flat = Object.values(value).every((field) => field === null || typeof field !== 'object');
    return flat && !('message' in value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function batchOfFields(fields: Record<string, FieldValue>): Promise<Batch> {
  const { batchOfRecords, recordText, RecordError } = await import('../replay/records.ts');
  const { fieldNamed } = await import('../records/fields.ts');
  // A sample of an alert has derived fields too; they are worked out again.
  const logged = Object.entries(fields).filter(([name]) => fieldNamed(name)?.version !== 0);
  const timed = logged.some(([name]) => name === 'start' || name === 'end');
  const whole = timed ? logged : [...logged, ['start', Math.floor(Date.now() / 1000)] as const];
  try {
    const { names, texts } = recordText(Object.fromEntries(whole));
    return batchOfRecords(names, [texts.join(' ')], { kind: 'file', name: 'the record' }, '0');
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new CommandError(EXIT.failed, `The record cannot be read: ${error.message}.`);
  }
}

async function refuseUnreadable(batch: Batch): Promise<void> {
  const { newCounts, Parser } = await import('../map/2-parse/parse.ts');
  const counts = newCounts();
  new Parser().parse(batch, 0, 1, counts);
  if (counts.records === 1) return;
  const [sample] = counts.samples;
  if (sample === undefined) {
    const status = counts.skipData > 0 ? 'SKIPDATA' : 'NODATA';
    throw new CommandError(
      EXIT.failed,
      `The record is ${status}: it carries no flow, no rule sees it.`,
    );
  }
  const formats = batch.layouts.map((layout) => layout.format).join('\n  ');
  throw new CommandError(
    EXIT.failed,
    `The record is malformed (${sample.reason}) as a line of the format\n  ${formats}\nName its format with --format if it is another one.`,
  );
}
