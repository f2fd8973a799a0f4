/**
 * What the keys of flow logs tell: the time of folders and files, and which belong to other services.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
 */
import type { TimeSpan } from '../../map/2-parse/parse.ts';

/** Year, month, day and hour after the region, as far as the folder goes. */
const PLAIN = /(?:^|\/)vpcflowlogs\/[^/]+\/(\d{4})\/(?:(\d\d)\/(?:(\d\d)\/(?:(\d\d)\/)?)?)?$/;
const HIVE = /(?:^|\/)year=(\d{4})\/(?:month=(\d\d)\/(?:day=(\d\d)\/(?:hour=(\d\d)\/)?)?)?$/;
/** `{account}_vpcflowlogs_{region}_{flow log}_{time}_{hash}.log.gz` */
const NAMED = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_[^/]*$/;
/** Folder of a service below an account, of an organisation or not. */
const SERVICE =
  /(?:^|\/)AWSLogs\/(?:o-[a-z0-9]+\/)?(?:aws-account-id=)?\d{12}\/(?:(?:aws-)?service=)?([A-Za-z][\w-]*)\//;
const FLOW_LOGS = 'vpcflowlogs';

/** A file holds what ended within five minutes from its name's time on. */
const FILE_SECONDS = 300;
/** A record began at most ten minutes and a minute before it ended; some slack on either side. */
const SOONER = 900;
const LATER = 600;

/** Whether a folder or file may hold records of the span, as far as its key tells. */
export function mayHold(key: string, { from, until }: TimeSpan): boolean {
  const times = key.endsWith('/') ? timesOfFolder(key) : timesOfFile(key);
  return times === undefined || (times.from < until + SOONER && times.until > from - LATER);
}

/** Whether a folder or file was put there by another service, such as CloudTrail. */
export function isOfOtherService(key: string): boolean {
  const service = SERVICE.exec(key)?.[1];
  return service !== undefined && service !== FLOW_LOGS;
}

/** Whether a folder lies within those of one region's flow logs. */
export function isInFlowLogs(folder: string): boolean {
  return SERVICE.exec(folder)?.[1] === FLOW_LOGS;
}

function timesOfFolder(folder: string): TimeSpan | undefined {
  const [, year, month, day, hour] = PLAIN.exec(folder) ?? HIVE.exec(folder) ?? [];
  if (year === undefined) return undefined;
  const given = [month, day, hour].filter((part) => part !== undefined).map(Number);
  const [m = 1, d = 1, h = 0] = given;
  const at = (add: readonly number[]) =>
    Date.UTC(Number(year) + add[0], m - 1 + add[1], d + add[2], h + add[3]) / 1000;
  const next = [0, 0, 0, 0];
  next[given.length] = 1;
  return { from: at([0, 0, 0, 0]), until: at(next) };
}

function timesOfFile(key: string): TimeSpan | undefined {
  const found = NAMED.exec(key);
  if (!found) return undefined;
  const [year, month, day, hour, minute] = found.slice(1).map(Number);
  const from = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  return { from, until: from + FILE_SECONDS };
}
