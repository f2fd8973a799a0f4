import { describesLogEvents } from '../../contracts/log-events.ts';
import { describesObjectListing } from '../../contracts/object-listing.ts';
import { MemoryBucket, MemoryLogGroup } from './memory-remote.ts';

describesObjectListing('a bucket in memory', async () => {
  const listing = new MemoryBucket();
  return {
    listing,
    bucket: 'logs',
    put: async (key, size) => listing.put(key, 'x'.repeat(size)),
  };
});

describesLogEvents('a log group in memory', async () => {
  const events = new MemoryLogGroup();
  return {
    events,
    group: events.name,
    now: 1_767_225_600_000,
    put: async (stream, added) => events.put(stream, added),
  };
});
