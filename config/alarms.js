/**
 * The service's alarms about itself. Each has a section in docs/operations.md of the same name.
 */
const FUNCTIONS = ['logs', 'reduce', 'tick', 'reconcile'];

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

const queue = (logicalId, metric) => ({
  namespace: 'AWS/SQS',
  metric,
  dimensions: { QueueName: { 'Fn::GetAtt': [logicalId, 'QueueName'] } },
  statistic: 'Maximum',
});

/** Alarms by name. @param {string} stage */
export function serviceAlarms(stage) {
  const alarms = {};
  for (const name of FUNCTIONS) {
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

function resource(stage, name, spec, actions) {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `flowlog-alerts/${stage}/service/${name}`,
      AlarmDescription: `${spec.text} See docs/operations.md, "${name}".`,
      Namespace: spec.namespace,
      MetricName: spec.metric,
      Dimensions: Object.entries(spec.dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistic: spec.statistic,
      Period: spec.period,
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
 * @returns CloudFormation resources by logical id
 */
export function alarmResources(stage, moreActions) {
  const actions = [{ Ref: 'OpsTopic' }, ...moreActions];
  const resources = {};
  for (const [name, spec] of Object.entries(serviceAlarms(stage))) {
    resources[`${pascal(name)}Alarm`] = resource(stage, name, spec, actions);
  }
  // Made after the clock has started, or it would begin its life in alarm.
  resources.TickMissingAlarm.DependsOn = ['TickSchedule', 'TickPermission'];
  return resources;
}

export default async function alarms({ resolveVariable }) {
  const { alarmActions } = await resolveVariable('self:custom.params');
  const stage = await resolveVariable('sls:stage');
  return { Resources: alarmResources(stage, alarmActions) };
}
