/** Which source an object belongs to, by its key: event time is kept for each. */
import type { Source } from '../../ports/source.ts';

/** Plain and Hive-compatible, for VPC and transit gateway flow logs alike; up to the region. */
const DELIVERED =
  /^(?:.*\/)?AWSLogs\/(?:aws-account-id=)?(\d{12})\/(?:(?:aws-)?service=)?vpcflowlogs\/(?:(?:aws-)?region=)?([a-z]{2}[a-z0-9-]*-\d+)(?=\/)/;
/** `{account}_vpcflowlogs_{region}_{flow log}_{time}_{hash}.log.gz`, wherever it was copied to. */
const NAMED = /(?:^|\/)(\d{12})_vpcflowlogs_([a-z]{2}[a-z0-9-]*-\d+)_[^/]*$/;
/** Folders from the first of these on are days and hours. */
const DATED = /^(?:(?:year|month|day|hour|date|dt)=.*|(?:19|20)\d\d(?:-\d\d-\d\d)?)$/;

/**
 * The flow logs of one account and region below one prefix are a source, whatever their formats;
 * objects that AWS did not lay out are one by their folder, without days and hours.
 */
export function sourceOfObject(bucket: string, key: string): Source {
  const delivered = DELIVERED.exec(key);
  if (delivered) {
    const [prefix, account, region] = delivered;
    return { kind: 'bucket', name: `${bucket}/${prefix}`, account, region };
  }
  const folders = key.split('/').slice(0, -1);
  const dated = folders.findIndex((folder) => DATED.test(folder));
  const kept = dated < 0 ? folders : folders.slice(0, dated);
  const named = NAMED.exec(key);
  return {
    kind: 'bucket',
    name: [bucket, ...kept].join('/'),
    ...(named && { account: named[1], region: named[2] }),
  };
}
