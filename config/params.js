/**
 * Reads and checks the deploy parameters (`--param="name=value"`); `serverless.yml` takes every
 * value from here, so that a wrong one stops the deploy with a sentence instead of a failed stack.
 */
import { parseLayout } from '../src/records/layout.ts';

/** Days CloudWatch Logs can keep a log group. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];
const GROUP_NAME = /^[A-Za-z0-9_./#-]{1,512}$/;
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
const ARN = /^arn:[a-z-]+:[a-z0-9-]+:/;
const TOPIC = /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/;
const STAGE = /^[a-z][a-z0-9-]{0,23}$/;

const list = (text) =>
  String(text)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function fail(name, found, wanted) {
  const error = new Error(`Parameter ${name}: found ${JSON.stringify(found)}, wanted ${wanted}.`);
  // The framework prints the stack, which is of no use to who mistyped a value.
  error.stack = error.message;
  throw error;
}

function logGroups(text) {
  const groups = list(text);
  for (const group of groups) {
    if (!GROUP_NAME.test(group)) {
      fail(
        'logGroups',
        group,
        'names of log groups, separated by commas, without wildcards or ARNs',
      );
    }
    if (group.startsWith('/aws/lambda/flowlog-alerts-')) {
      fail(
        'logGroups',
        group,
        "flow logs; this is a log of the service's own, which would feed itself",
      );
    }
  }
  return [...new Set(groups)];
}

const BUCKET = /^(?:s3:\/\/)?([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([A-Za-z0-9!_.*'()=/-]*))?$/;
const KEY = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

/** Buckets of flow logs, each whole or below a prefix. */
function buckets(text) {
  const found = new Map();
  for (const one of list(text)) {
    const [, bucket, path = ''] = BUCKET.exec(one) ?? [];
    if (bucket === undefined || path.includes('*')) {
      fail('buckets', one, 'names of buckets or bucket/prefix, separated by commas');
    }
    const prefix = path.split('/').filter(Boolean).join('/');
    found.set(`${bucket}/${prefix}`, { bucket, prefix });
  }
  return [...found.values()];
}

function keys(name, text) {
  const arns = list(text);
  for (const arn of arns) {
    if (!KEY.test(arn)) fail(name, arn, 'ARNs of KMS keys, not of their aliases');
  }
  return [...new Set(arns)];
}

const STREAM = /^arn:[a-z-]+:kinesis:[a-z0-9-]+:\d{12}:stream\/[A-Za-z0-9_.-]{1,128}$/;

function streams(text) {
  const arns = list(text);
  for (const arn of arns) {
    if (!STREAM.test(arn)) fail('streams', arn, 'ARNs of Kinesis streams, separated by commas');
  }
  return [...new Set(arns)];
}

/** `on-demand`, or a number of shards as text; empty for no stream. */
function createStream(text) {
  if (text === '' || text === 'on-demand') return text;
  const shards = text === 'true' ? 1 : Number(text);
  if (!Number.isInteger(shards) || shards < 1 || shards > 200) {
    fail('createStream', text, 'on-demand, or a whole number of shards from 1 to 200');
  }
  return String(shards);
}

function streamSenders(text, made) {
  const senders = list(text);
  const organization = senders.find((one) => one.startsWith('o-'));
  if (
    organization !== undefined &&
    (senders.length > 1 || !/^o-[a-z0-9]{10,32}$/.test(organization))
  ) {
    fail('streamSenders', text, 'the id of one organization, or account numbers and none');
  }
  const accounts = organization === undefined ? senders : [];
  for (const account of accounts) {
    if (!/^\d{12}$/.test(account)) {
      fail('streamSenders', account, 'account numbers of 12 digits, or the id of an organization');
    }
  }
  if (senders.length > 0 && made === '') {
    fail(
      'streamSenders',
      text,
      'createStream beside it: there is no stream of its own to write to',
    );
  }
  return { accounts: [...new Set(accounts)], ...(organization && { organization }) };
}

function email(name, text) {
  if (text !== '' && !EMAIL.test(text)) fail(name, text, 'one e-mail address, or nothing');
  return text;
}

function alarmActions(text) {
  const arns = list(text);
  for (const arn of arns) {
    if (!ARN.test(arn)) fail('alarmActions', arn, 'ARNs separated by commas, e.g. of an SNS topic');
  }
  if (arns.length > 4) fail('alarmActions', text, 'at most four ARNs (the fifth is OpsTopic)');
  return arns;
}

function retention(text) {
  const days = Number(text);
  if (!RETENTION_DAYS.includes(days)) {
    fail('retention', text, `a number of days CloudWatch Logs knows: ${RETENTION_DAYS.join(', ')}`);
  }
  return days;
}

function shards(text) {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 64) {
    fail('shards', text, 'a whole number from 1 to 64');
  }
  return String(count);
}

/** Topics that `deliver` may publish to: its own, and those that channels of type ocsf name. */
function ocsfTopics(text) {
  const arns = list(text);
  for (const arn of arns) {
    if (!TOPIC.test(arn)) fail('ocsfTopics', arn, 'ARNs of SNS topics, separated by commas');
  }
  return [{ Ref: 'ChatTopic' }, { Ref: 'OpsTopic' }, ...new Set(arns)];
}

const BUCKET_URL = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9!_.*'()=-]+)*\/?$/;
const PATH_WORDS = ['parquet', 'hive', 'hourly'];

/** The table that `athena` asks for; undefined for none. */
function athena({ athena: location, athenaFormat, athenaPaths, athenaAccounts, athenaRegions }) {
  const url = String(location ?? '').trim();
  if (url === '') return undefined;
  if (!BUCKET_URL.test(url)) {
    fail('athena', url, 's3://BUCKET or s3://BUCKET/PREFIX, where AWSLogs/ lies');
  }
  const words = list(athenaPaths ?? '');
  const odd = words.find((word) => !PATH_WORDS.includes(word));
  if (odd !== undefined) fail('athenaPaths', odd, `some of ${PATH_WORDS.join(', ')}`);
  const accounts = list(athenaAccounts ?? '');
  for (const account of accounts) {
    if (!/^\d{12}$/.test(account)) fail('athenaAccounts', account, 'account numbers of 12 digits');
  }
  const regions = list(athenaRegions ?? '');
  for (const region of regions) {
    if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) fail('athenaRegions', region, 'names of regions');
  }
  return {
    location: url.replace(/\/$/, ''),
    format: tableFormat(String(athenaFormat ?? '').trim()),
    layout: Object.fromEntries(PATH_WORDS.map((word) => [word, words.includes(word)])),
    accounts,
    regions,
  };
}

function tableFormat(text) {
  if (text === '') return text;
  try {
    return parseLayout(text).format;
  } catch (error) {
    return fail('athenaFormat', text, `a LogFormat or the names of its fields: ${error.message}`);
  }
}

function boundary(text) {
  if (text !== '' && !/^arn:[a-z-]+:iam::(\d{12}|aws):policy\//.test(text)) {
    fail('permissionsBoundary', text, 'the ARN of an IAM policy, or nothing');
  }
  return text === '' ? { Ref: 'AWS::NoValue' } : text;
}

/**
 * Checks raw parameter values.
 * @param {Record<string, string | number>} raw values as given or defaulted
 * @throws Error naming the parameter, what was found and what is allowed
 */
export function checkParams(raw) {
  if (!STAGE.test(raw.stage)) {
    fail('stage', raw.stage, 'at most 24 lower-case letters, digits and hyphens, a letter first');
  }
  const made = createStream(String(raw.createStream ?? '').trim());
  return {
    logGroups: logGroups(raw.logGroups),
    buckets: buckets(raw.buckets),
    bucketKeys: keys('bucketKeys', raw.bucketKeys),
    streams: streams(raw.streams ?? ''),
    streamKeys: keys('streamKeys', raw.streamKeys ?? ''),
    createStream: made,
    streamSenders: streamSenders(raw.streamSenders ?? '', made),
    alertEmail: email('alertEmail', String(raw.alertEmail).trim()),
    ownerEmail: email('ownerEmail', String(raw.ownerEmail).trim()),
    alarmActions: alarmActions(raw.alarmActions),
    retention: retention(raw.retention),
    shards: shards(raw.shards),
    ocsfTopics: ocsfTopics(raw.ocsfTopics),
    athena: athena(raw),
    permissionsBoundary: boundary(String(raw.permissionsBoundary).trim()),
  };
}

const NAMES = [
  'logGroups',
  'buckets',
  'bucketKeys',
  'streams',
  'streamKeys',
  'createStream',
  'streamSenders',
  'alertEmail',
  'ownerEmail',
  'alarmActions',
  'retention',
  'shards',
  'ocsfTopics',
  'athena',
  'athenaFormat',
  'athenaPaths',
  'athenaAccounts',
  'athenaRegions',
  'permissionsBoundary',
];

/** What `serverless.yml` sees: the values of `checkParams`. */
export default async function params({ resolveVariable }) {
  const raw = { stage: await resolveVariable('sls:stage') };
  for (const name of NAMES) raw[name] = (await resolveVariable(`param:${name}, ''`)) ?? '';
  return checkParams(raw);
}
