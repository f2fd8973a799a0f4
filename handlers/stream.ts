/** A Kinesis stream: map batches of flow logs and put their digests into the log, many in an entry. */
import { streamRecordsOf } from '../src/adapters/aws/kinesis-record.ts';
import { mapOptions, mapPorts } from '../src/adapters/aws/map-ports.ts';
import { SignedAws } from '../src/adapters/aws/signed-aws.ts';
import { IngestStream } from '../src/map/ingest-stream.ts';

const ingest = new IngestStream(mapPorts(new SignedAws({})), mapOptions());

interface Answer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Lambda hands out again from the earliest record that failed; what was written is known then. */
export async function handler(event: unknown): Promise<Answer> {
  const again = await ingest.run(streamRecordsOf(event));
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
}
