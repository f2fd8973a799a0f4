/** CloudWatch Logs subscription: map a batch of flow logs and put its digest into the log. */
import { mapOptions, mapPorts } from '../src/adapters/aws/map-ports.ts';
import { eventsOf } from '../src/adapters/aws/retry-queue.ts';
import { SignedAws } from '../src/adapters/aws/signed-aws.ts';
import { Ingest, type Ingested } from '../src/map/ingest.ts';

const ingest = new Ingest(mapPorts(new SignedAws({})), mapOptions());

/** An event that cannot be written throws: Lambda and the retry queue bring it again. */
export async function handler(event: unknown): Promise<readonly Ingested[]> {
  const results: Ingested[] = [];
  for (const one of eventsOf(event)) results.push(await ingest.subscription(one));
  return results;
}
