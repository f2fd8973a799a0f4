/**
 * Reads and checks the deploy parameters (`--param="name=value"`); `serverless.yml` takes every
 * value from here, so that a wrong one stops the deploy with a sentence instead of a failed stack.
 */

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
  return {
    logGroups: logGroups(raw.logGroups),
    alertEmail: email('alertEmail', String(raw.alertEmail).trim()),
    ownerEmail: email('ownerEmail', String(raw.ownerEmail).trim()),
    alarmActions: alarmActions(raw.alarmActions),
    retention: retention(raw.retention),
    shards: shards(raw.shards),
    ocsfTopics: ocsfTopics(raw.ocsfTopics),
    permissionsBoundary: boundary(String(raw.permissionsBoundary).trim()),
  };
}

const NAMES = [
  'logGroups',
  'alertEmail',
  'ownerEmail',
  'alarmActions',
  'retention',
  'shards',
  'ocsfTopics',
  'permissionsBoundary',
];

/** What `serverless.yml` sees: the values of `checkParams`. */
export default async function params({ resolveVariable }) {
  const raw = { stage: await resolveVariable('sls:stage') };
  for (const name of NAMES) raw[name] = (await resolveVariable(`param:${name}, ''`)) ?? '';
  return checkParams(raw);
}
