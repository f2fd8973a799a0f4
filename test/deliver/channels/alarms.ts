/** Messages as CloudWatch writes them to a topic. */

type Json = Record<string, unknown>;

/** One metric above its threshold. */
export function anAlarm(changes: Json = {}): Json {
  return {
    AlarmName: 'flowlog-alerts/prod/service/reduce-behind',
    AlarmDescription:
      'Digests wait for more than ten minutes: alerts are late, and after a day they are lost. See docs/operations.md, "reduce-behind".',
    AWSAccountId: '123456789012',
    AlarmConfigurationUpdatedTimestamp: '2026-11-01T08:00:00.000+0000',
    NewStateValue: 'ALARM',
    NewStateReason:
      'Threshold Crossed: 3 out of the last 3 datapoints [900000.0 (23/11/26 10:31:00)] were greater than the threshold (600000.0) (minimum 3 datapoints for OK -> ALARM transition).',
    StateChangeTime: '2026-11-23T10:35:31.123+0000',
    Region: 'EU (Ireland)',
    AlarmArn:
      'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:flowlog-alerts/prod/service/reduce-behind',
    OldStateValue: 'OK',
    OKActions: ['arn:aws:sns:eu-west-1:123456789012:ops'],
    AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:ops'],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: 'IteratorAge',
      Namespace: 'AWS/Lambda',
      StatisticType: 'Statistic',
      Statistic: 'MAXIMUM',
      Unit: null,
      Dimensions: [{ value: 'flowlog-alerts-prod-reduce', name: 'FunctionName' }],
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 600_000.0,
      TreatMissingData: 'notBreaching',
      EvaluateLowSampleCountPercentile: '',
    },
    ...changes,
  };
}

/** A metric outside its band. */
export function anAnomaly(): Json {
  return anAlarm({
    AlarmName: 'flowlog-alerts/prod/rule/egress',
    Trigger: {
      Period: 300,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanUpperThreshold',
      ThresholdMetricId: 'ad1',
      TreatMissingData: 'notBreaching',
      EvaluateLowSampleCountPercentile: '',
      Metrics: [
        {
          Id: 'm1',
          MetricStat: {
            Metric: {
              Dimensions: [
                { value: 'prod', name: 'Stage' },
                { value: 'egress', name: 'Rule' },
              ],
              MetricName: 'Matches',
              Namespace: 'FlowlogAlerts',
            },
            Period: 300,
            Stat: 'Sum',
          },
          ReturnData: true,
        },
        { Expression: 'ANOMALY_DETECTION_BAND(m1, 3)', Id: 'ad1', Label: 'band', ReturnData: true },
      ],
    },
  });
}

/** An alarm of alarms, which has no trigger of its own. */
export function aComposite(): Json {
  const { Trigger: _, ...rest } = anAlarm();
  const arn = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:';
  return {
    ...rest,
    AlarmName: 'everything',
    AlarmRule: 'ALARM("a") OR ALARM("b")',
    TriggeringChildren: [
      { Arn: `${arn}a`, State: { Value: 'ALARM', Timestamp: '2026-11-23T10:35:31.123+0000' } },
      { Arn: `${arn}flowlog-alerts/prod/service/b`, State: { Value: 'ALARM' } },
    ],
  };
}
