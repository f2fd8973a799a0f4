/**
 * The service's alarms about itself. Each has a section in docs/operations.md of the same name.
 */
export const FUNCTIONS = ['logs', 'objects', 'stream', 'reduce', 'tick', 'reconcile', 'deliver'];

/**
 * `periods` of `of` periods of `period` seconds must be above `above` (or below `below`).
 * Silence is good news, but for a dead man's switch, which says `silence: 'bad'`.
 */
const alarm = (metric) => ({
  period: 60,
  statistic: 'Sum',
  periods: 1,
  of: 1,
  above: 0,
  ...metric,
});

const lambda = (stage, name, metric) => ({
  namespace: 'AWS/Lambda',
  metric,
  dimensions: { FunctionName: `flowlog-alerts-${stage}-${name}` },
});

const own = (stage, metric) => ({
  namespace: 'FlowlogAlerts',
  metric,
  dimensions: { Stage: stage },
});

/**
 * Of all subscription filters of the stage, those that `subscribe` made included: a metric of
 * CloudWatch Logs has the log group among its dimensions, and a query adds them up.
 */
const forwarding = (stage, metric) => ({
  query: `SELECT SUM(${metric}) FROM SCHEMA("AWS/Logs", DestinationType, FilterName, LogGroupName) WHERE FilterName = 'flowlog-alerts-${stage}'`,
});

const queue = (logicalId, metric) => ({
  namespace: 'AWS/SQS',
  metric,
  dimensions: { QueueName: { 'Fn::GetAtt': [logicalId, 'QueueName'] } },
  statistic: 'Maximum',
});

/**
 * Alarms by name.
 * @param {string} stage
 * @param {readonly string[]} logGroups that the stack subscribes to
 * @param {readonly object[]} buckets that it reads
 * @param {readonly string[]} streams that it reads
 */
export function serviceAlarms(stage, logGroups = [], buckets = [], streams = []) {
  const alarms = {};
  for (const name of FUNCTIONS) {
    // What nothing starts needs no alarm, which would cost.
    if (name === 'objects' && buckets.length === 0) continue;
    if (name === 'stream' && streams.length === 0) continue;
    alarms[`${name}-errors`] = alarm({
      text: `The function ${name} fails again and again.`,
      ...lambda(stage, name, 'Errors'),
      period: 60,
      periods: 3,
      of: 5,
    });
    alarms[`${name}-throttles`] = alarm({
      text: `Lambda refuses to run ${name}: the account's concurrency is used up.`,
      ...lambda(stage, name, 'Throttles'),
      period: 60,
      periods: 3,
      of: 5,
    });
  }
  return {
    ...alarms,
    'reduce-behind': alarm({
      text: 'Digests wait for more than ten minutes: alerts are late, and after a day they are lost.',
      ...lambda(stage, 'reduce', 'IteratorAge'),
      statistic: 'Maximum',
      above: 600_000,
      periods: 3,
      of: 3,
    }),
    'tick-missing': alarm({
      text: 'The clock stands still: nothing resolves and silence is not noticed.',
      ...lambda(stage, 'tick', 'Invocations'),
      below: 1,
      periods: 5,
      of: 5,
      silence: 'bad',
    }),
    'dead-letters': alarm({
      text: 'Something could not be processed and waits for a person.',
      ...queue('DeadLetterQueue', 'ApproximateNumberOfMessagesVisible'),
      period: 300,
    }),
    'retries-waiting': alarm({
      text: 'A batch of records has been failing for more than half an hour.',
      ...queue('LogsRetryQueue', 'ApproximateAgeOfOldestMessage'),
      period: 300,
      above: 1_800,
    }),
    'forwarding-errors': alarm({
      text: 'CloudWatch Logs cannot hand records of a log group on to the service.',
      ...forwarding(stage, 'DeliveryErrors'),
      period: 300,
      periods: 2,
      of: 3,
    }),
    'forwarding-throttles': alarm({
      text: 'CloudWatch Logs is throttled handing records on to the service.',
      ...forwarding(stage, 'DeliveryThrottling'),
      period: 300,
      periods: 2,
      of: 3,
    }),
    lagging: alarm({
      text: 'Records come more than half an hour after they began; windows begin to leave them out.',
      ...own(stage, 'LagSeconds'),
      statistic: 'Maximum',
      period: 300,
      above: 1_800,
      periods: 3,
      of: 3,
    }),
    ...(buckets.length > 0 && {
      'objects-waiting': alarm({
        text: 'A flow log in S3 has been waiting to be read for more than half an hour.',
        ...queue('ObjectsQueue', 'ApproximateAgeOfOldestMessage'),
        period: 300,
        above: 1_800,
      }),
    }),
    ...(streams.length > 0 && {
      'stream-behind': alarm({
        text: 'Records of a Kinesis stream have been waiting for more than ten minutes.',
        ...lambda(stage, 'stream', 'IteratorAge'),
        statistic: 'Maximum',
        above: 600_000,
        periods: 3,
        of: 3,
      }),
    }),
    // Where the stack reads nothing by itself, silence is no news.
    ...(logGroups.length + buckets.length + streams.length > 0 && {
      'records-missing': alarm({
        text: 'Not one record has come for an hour, from no log group, bucket or stream at all.',
        ...own(stage, 'Records'),
        period: 300,
        below: 1,
        periods: 12,
        of: 12,
        silence: 'bad',
      }),
    }),
    'batches-lost': alarm({
      text: 'A failed batch could not even be put into the retry queue.',
      ...lambda(stage, 'logs', 'DestinationDeliveryFailures'),
      period: 300,
    }),
    'malformed-records': alarm({
      text: 'Lines arrive that are no flow-log records in the format the log group is known to have.',
      ...own(stage, 'MalformedRecords'),
      period: 300,
      periods: 2,
      of: 3,
    }),
    'deliver-dead-letters': alarm({
      text: 'An alert could not be brought to its channel and waits for a person.',
      ...queue('DeliverDeadLetterQueue', 'ApproximateNumberOfMessagesVisible'),
      period: 300,
    }),
    'delivery-failures': alarm({
      text: 'A channel, or the topic, did not take an alert in the end.',
      ...own(stage, 'DeliveryFailures'),
      period: 300,
    }),
    'bad-rules': alarm({
      text: 'A document of the configuration is not valid; its last good version stays in force.',
      ...own(stage, 'BadRules'),
      period: 300,
    }),
    'groups-dropped': alarm({
      text: 'A rule saw more groups than it may remember; the small ones were let go.',
      ...own(stage, 'GroupsDropped'),
      period: 300,
      periods: 3,
      of: 3,
    }),
  };
}

const pascal = (name) =>
  name
    .split('-')
    .map((part) => part[0].toUpperCase() + part.slice(1))
    .join('');

/** One metric, or what a query makes of several. */
function watched({ query, namespace, metric, dimensions, statistic, period }) {
  if (query !== undefined) {
    return { Metrics: [{ Id: 'all', Expression: query, Period: period, ReturnData: true }] };
  }
  return {
    Namespace: namespace,
    MetricName: metric,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Statistic: statistic,
    Period: period,
  };
}

function resource(stage, name, spec, actions) {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `flowlog-alerts/${stage}/service/${name}`,
      AlarmDescription: `${spec.text} See docs/operations.md, "${name}".`,
      ...watched(spec),
      EvaluationPeriods: spec.of,
      DatapointsToAlarm: spec.periods,
      ComparisonOperator: spec.below === undefined ? 'GreaterThanThreshold' : 'LessThanThreshold',
      Threshold: spec.below ?? spec.above,
      TreatMissingData: spec.silence === 'bad' ? 'breaching' : 'notBreaching',
      AlarmActions: actions,
      OKActions: actions,
    },
  };
}

/**
 * @param {string} stage
 * @param {readonly string[]} moreActions ARNs beside OpsTopic
 * @param {readonly string[]} logGroups that the stack subscribes to
 * @param {readonly object[]} buckets that it reads
 * @param {readonly string[]} streams that it reads
 * @returns CloudFormation resources by logical id
 */
export function alarmResources(stage, moreActions, logGroups, buckets, streams) {
  const actions = [{ Ref: 'OpsTopic' }, ...moreActions];
  const resources = {};
  const alarms = serviceAlarms(stage, logGroups, buckets, streams);
  for (const [name, spec] of Object.entries(alarms)) {
    resources[`${pascal(name)}Alarm`] = resource(stage, name, spec, actions);
  }
  // Made after the clock has started, or it would begin its life in alarm.
  resources.TickMissingAlarm.DependsOn = ['TickSchedule', 'TickPermission'];
  return resources;
}

export default async function alarms({ resolveVariable }) {
  const params = await resolveVariable('self:custom.params');
  const { alarmActions, logGroups, buckets, streams, createStream } = params;
  const stage = await resolveVariable('sls:stage');
  const read = createStream ? [...streams, createStream] : streams;
  return { Resources: alarmResources(stage, alarmActions, logGroups, buckets, read) };
}
