/** Records as AWS writes them, in any layout. */
import type { Layout } from '../records/layout.ts';
import type { FlowRecord } from './flow.ts';

/** One line without a line break; `-` for what the record lacks. */
export function renderLine(record: FlowRecord, layout: Layout): string {
  return layout.fields
    .map(({ name }) => (name === 'version' ? versionOf(layout) : (record[name] ?? '-')))
    .join(' ');
}

/** The highest version among a layout's fields, which is what AWS writes into `version`. */
function versionOf(layout: Layout): number {
  return layout.fields.reduce((highest, field) => Math.max(highest, field.version), 2);
}

/** A file as S3 gets it: a header line, then the records; each line ends in a line feed. */
export function* renderFile(records: Iterable<FlowRecord>, layout: Layout): Generator<string> {
  yield `${layout.fields.map((field) => field.name).join(' ')}\n`;
  for (const record of records) yield `${renderLine(record, layout)}\n`;
}
