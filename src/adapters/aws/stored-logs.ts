/** What a replay reads flow logs with that are stored at AWS. */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import type { FlowLogCatalog } from '../../ports/config-source.ts';
import type { LogEvents } from '../../ports/log-events.ts';
import type { ObjectListing } from '../../ports/object-listing.ts';
import type { ObjectReader } from '../../ports/object-reader.ts';
import { endpointOf } from './clients.ts';
import { CloudWatchLogEvents } from './cloudwatch-log-events.ts';
import { Ec2FlowLogCatalog } from './flow-log-catalog.ts';
import { PatientObjectReader } from './patient-object-reader.ts';
import { type PersonOptions, personConfig } from './person-config.ts';
import { S3ObjectListing } from './s3-object-listing.ts';
import { S3ObjectReader } from './s3-object-reader.ts';

export interface StoredLogs {
  readonly listing: ObjectListing;
  readonly objects: ObjectReader;
  readonly events: LogEvents;
  readonly catalog: FlowLogCatalog;
}

/** Any bucket's region is found by S3's own answer; log groups are looked for in the region given. */
export function storedLogs(person: PersonOptions): StoredLogs {
  const config = personConfig(person);
  const s3 = new S3Client({
    ...config,
    followRegionRedirects: true,
    forcePathStyle: endpointOf('s3', process.env) !== undefined,
  });
  return {
    listing: new S3ObjectListing({ client: s3 }),
    objects: new PatientObjectReader(new S3ObjectReader({ client: s3 })),
    // Throttling is answered by a slower pace, which only whoever makes the calls can keep.
    events: new CloudWatchLogEvents({
      client: new CloudWatchLogsClient({ ...config, maxAttempts: 3 }),
    }),
    catalog: new Ec2FlowLogCatalog({ client: new EC2Client(config) }),
  };
}
