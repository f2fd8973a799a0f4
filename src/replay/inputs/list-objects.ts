/** Finds the objects of flow logs below a prefix, without asking for more of them than it must. */
import type { TimeSpan } from '../../map/2-parse/parse.ts';
import type { ListedObject, ObjectListing } from '../../ports/object-listing.ts';
import { isInFlowLogs, isOfOtherService, mayHold } from './flow-log-keys.ts';

/** Folders listed at once. */
const AT_ONCE = 8;

export interface ListingOptions {
  readonly span?: TimeSpan;
  /** Ends the listing with what was found until then. */
  readonly stop?: AbortSignal;
}

/**
 * Objects in the order of their keys. Logs of other services are passed over unless the prefix names
 * their folder, and so is what cannot hold records of the span.
 */
export async function flowLogObjects(
  listing: ObjectListing,
  bucket: string,
  prefix: string,
  { span, stop }: ListingOptions = {},
): Promise<ListedObject[]> {
  const anything = isOfOtherService(prefix);
  const wanted = (key: string) =>
    (anything || !isOfOtherService(key)) && (span === undefined || mayHold(key, span));
  const found: ListedObject[] = [];
  const list = async (at: string): Promise<string[]> => {
    // Where all of it is wanted, one listing brings a thousand objects a page, whatever their folders.
    const folders = span !== undefined || !isInFlowLogs(at);
    const below: string[] = [];
    for await (const page of listing.pages(bucket, { prefix: at, folders })) {
      found.push(...page.objects.filter(({ key }) => !key.endsWith('/') && wanted(key)));
      below.push(...page.folders.filter(wanted));
      if (stop?.aborted) break;
    }
    return below;
  };
  let level = [prefix];
  while (level.length > 0 && !stop?.aborted) {
    const next: string[] = [];
    for (let i = 0; i < level.length; i += AT_ONCE) {
      next.push(...(await Promise.all(level.slice(i, i + AT_ONCE).map(list))).flat());
    }
    level = next;
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}
