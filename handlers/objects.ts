/** Flow logs in S3: a queue tells of new objects, their records become digests. */
import { S3Client } from '@aws-sdk/client-s3';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { s3Config } from '../src/adapters/aws/clients.ts';
import { setting } from '../src/adapters/aws/environment.ts';
import { mapOptions, mapPorts } from '../src/adapters/aws/map-ports.ts';
import { S3ObjectReader } from '../src/adapters/aws/s3-object-reader.ts';
import { SignedAws } from '../src/adapters/aws/signed-aws.ts';
import { queueMessagesOf, SignedQueue } from '../src/adapters/aws/signed-queue.ts';
import { IngestObjects } from '../src/map/ingest-objects.ts';

/** What a chunk, its writes and a letter may take; ms. */
const LAST_CALL = 30_000;

const aws = new SignedAws({});
const ports = mapPorts(aws);
const ingest = new IngestObjects(
  {
    ...ports,
    objects: new S3ObjectReader({ client: new S3Client(s3Config()) }),
    queue: new SignedQueue({ aws, url: setting('OBJECTS_QUEUE_URL') }),
  },
  mapOptions(),
);

/** What could not be read or written stays in the queue until its next time. */
export async function handler(
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SQSBatchResponse> {
  const deadline = ports.now() + context.getRemainingTimeInMillis() - LAST_CALL;
  const again = await ingest.run(queueMessagesOf(event), deadline);
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
}
