/**
 * The stage's dashboard. Rules live outside the template, so that graphs find their metrics by
 * SEARCH: a rule made tomorrow is in them tomorrow.
 */
import { FUNCTIONS, serviceAlarms } from './alarms.js';

/** Columns of a dashboard. */
const WIDTH = 24;
const MINUTE = 60;
const FIVE_MINUTES = 300;
const DAY = 86_400;

/** Flow-log groups that get a line of their own; a graph takes 500 metrics, an eye some ten. */
const MOST_GROUPS = 20;

const graph = (title, properties) => ({
  type: 'metric',
  width: 12,
  height: 6,
  properties: {
    title,
    view: 'timeSeries',
    region: '${AWS::Region}',
    stat: 'Sum',
    period: FIVE_MINUTES,
    ...properties,
  },
});

/** One number over the last day. */
const number = (title, metric, properties = {}) => ({
  ...graph(title, {
    view: 'singleValue',
    period: DAY,
    setPeriodToTimeRange: false,
    metrics: [metric],
    ...properties,
  }),
  width: 6,
  height: 3,
});

const text = (height, lines) => ({
  type: 'text',
  width: WIDTH,
  height,
  properties: { markdown: lines.join('\n') },
});

const search = (schema, filter, label, period = FIVE_MINUTES) => [
  [{ expression: `SEARCH('{${schema}} ${filter}', 'Sum', ${period})`, label, id: 'e1' }],
];

const own = (stage, name, options) => ['FlowlogAlerts', name, 'Stage', stage, ...more(options)];
const more = (options) => (options ? [options] : []);

const lambda = (stage, name, metric, options) => [
  'AWS/Lambda',
  metric,
  'FunctionName',
  `flowlog-alerts-${stage}-${name}`,
  ...more(options),
];

const queue = (logicalId, metric, label) => [
  'AWS/SQS',
  metric,
  'QueueName',
  `\${${logicalId}.QueueName}`,
  { label, stat: 'Maximum' },
];

function heading(stage) {
  return text(3, [
    `# flowlog-alerts, stage ${stage}`,
    `[Alarms](#alarmsV2:?search=flowlog-alerts/${stage}/) | [Saved queries](#logsV2:logs-insights): folder flowlog-alerts/${stage}, one for each rule, and what was sent and what was not under decisions`,
    '',
    'What each alarm means and what to do: docs/operations.md. What a rule watches and costs: `flowlog-alerts rules explain ID`. What is broken: `flowlog-alerts doctor`.',
  ]);
}

function alarmStatus(stage, logGroups, buckets, streams) {
  const names = Object.keys(serviceAlarms(stage, logGroups, buckets, streams));
  return {
    type: 'alarm',
    width: WIDTH,
    height: 4,
    properties: {
      title: 'The service itself: all green when all is well',
      alarms: names.map(
        (name) =>
          `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:flowlog-alerts/${stage}/service/${name}`,
      ),
    },
  };
}

function totals(stage) {
  return [
    number('Alerts, last day', own(stage, 'Alerts')),
    number('Records, last day', own(stage, 'Records')),
    number('Lag now, seconds', own(stage, 'LagSeconds'), { stat: 'Maximum', period: FIVE_MINUTES }),
    number('Notifications not delivered, last day', own(stage, 'DeliveryFailures')),
  ];
}

function alerts(stage) {
  const ofRules = (metric) =>
    search(
      'FlowlogAlerts,Rule,Stage',
      `Stage="${stage}" MetricName="${metric}"`,
      "${!PROP('Dim.Rule')}",
    );
  return [
    graph('Alerts by rule', { stacked: true, metrics: ofRules('Alerts') }),
    graph('Matches of rules with a metric or an alarm', { metrics: ofRules('Matches') }),
  ];
}

/** From AWS's own metrics, which cost nothing and know what never reached the service. */
function volume(stage, logGroups) {
  const forwarded = `FilterName="flowlog-alerts-${stage}" MetricName="ForwardedLogEvents"`;
  const schema = 'AWS/Logs,DestinationType,FilterName,LogGroupName';
  const groups = logGroups.slice(0, MOST_GROUPS);
  const incoming =
    groups.length > 0
      ? groups.map((group) => ['AWS/Logs', 'IncomingLogEvents', 'LogGroupName', group])
      : [own(stage, 'Records', { label: 'Records' })];
  return [
    graph(
      groups.length > 0 ? 'Records that log groups take in' : 'Records that the service has read',
      {
        metrics: incoming,
      },
    ),
    graph('Records that log groups hand on to the service', {
      metrics: search(schema, forwarded, "${!PROP('Dim.LogGroupName')}"),
    }),
  ];
}

function health(stage, buckets, streams) {
  const eachFunction = (metric) =>
    FUNCTIONS.map((name) =>
      lambda(stage, name, metric, { label: `${name} ${metric.toLowerCase()}` }),
    );
  return [
    graph('Failures and throttles of functions', {
      metrics: [...eachFunction('Errors'), ...eachFunction('Throttles')],
    }),
    graph('How far behind', {
      period: MINUTE,
      stat: 'Maximum',
      metrics: [
        own(stage, 'LagSeconds', { label: "from a record's start to its arrival, s" }),
        lambda(stage, 'reduce', 'IteratorAge', { label: 'digests waiting, ms', yAxis: 'right' }),
        ...(streams.length > 0
          ? [
              lambda(stage, 'stream', 'IteratorAge', {
                label: 'streams waiting, ms',
                yAxis: 'right',
              }),
            ]
          : []),
      ],
      yAxis: { left: { min: 0 }, right: { min: 0 } },
    }),
    graph('Waiting for another try, or for a person', {
      metrics: [
        queue('DeadLetterQueue', 'ApproximateNumberOfMessagesVisible', 'dead letters'),
        queue('DeliverDeadLetterQueue', 'ApproximateNumberOfMessagesVisible', 'not delivered'),
        queue('LogsRetryQueue', 'ApproximateNumberOfMessagesVisible', 'batches to try again'),
        ...(buckets.length > 0
          ? [queue('ObjectsQueue', 'ApproximateNumberOfMessagesVisible', 'files to read')]
          : []),
        queue(
          'ReconcileFailuresQueue',
          'ApproximateNumberOfMessagesVisible',
          'failed runs of reconcile',
        ),
      ],
      yAxis: { left: { min: 0 } },
    }),
    graph('What rules could not see', {
      metrics: ['LateRecords', 'GroupsDropped', 'MalformedRecords', 'SkipData', 'BadRules'].map(
        (name) => own(stage, name),
      ),
    }),
  ];
}

/** What the bill follows. */
function costs(stage) {
  const third = (title, properties) => ({ ...graph(title, properties), width: 8 });
  return [
    third('Write units of digests', {
      metrics: [['AWS/DynamoDB', 'ConsumedWriteCapacityUnits', 'TableName', '${DigestTable}']],
    }),
    third('Invocations', {
      metrics: FUNCTIONS.map((name) => lambda(stage, name, 'Invocations', { label: name })),
    }),
    third('Bytes that functions log', {
      metrics: FUNCTIONS.map((name) => [
        'AWS/Logs',
        'IncomingBytes',
        'LogGroupName',
        `/aws/lambda/flowlog-alerts-${stage}-${name}`,
        { label: name },
      ]),
    }),
    text(2, [
      'Write units are what records that match cost; invocations follow from how many batches CloudWatch Logs makes. The flow logs themselves cost most: docs/cost.md.',
    ]),
  ];
}

/** Places widgets from left to right, and begins a new row where one does not fit. */
function placed(widgets) {
  let [x, y, rowHeight] = [0, 0, 0];
  return widgets.map((widget) => {
    if (x + widget.width > WIDTH) {
      y += rowHeight;
      [x, rowHeight] = [0, 0];
    }
    const at = { x, y };
    x += widget.width;
    rowHeight = Math.max(rowHeight, widget.height);
    return { ...at, ...widget };
  });
}

/**
 * The body, with `${...}` for what CloudFormation fills in.
 * @param {string} stage
 * @param {readonly string[]} logGroups that the stack subscribes to
 * @param {readonly object[]} buckets that it reads
 * @param {readonly string[]} streams that it reads
 */
export function dashboardBody(stage, logGroups, buckets = [], streams = []) {
  return {
    start: '-P1D',
    periodOverride: 'inherit',
    widgets: placed([
      heading(stage),
      alarmStatus(stage, logGroups, buckets, streams),
      ...totals(stage),
      ...alerts(stage),
      ...volume(stage, logGroups),
      ...health(stage, buckets, streams),
      ...costs(stage),
    ]),
  };
}

export default async function dashboard({ resolveVariable }) {
  const params = await resolveVariable('self:custom.params');
  const { logGroups, buckets, streams, createStream } = params;
  const read = createStream ? [...streams, createStream] : streams;
  const stage = await resolveVariable('sls:stage');
  const name = `flowlog-alerts-${stage}`;
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          DashboardName: name,
          DashboardBody: {
            'Fn::Sub': JSON.stringify(dashboardBody(stage, logGroups, buckets, read)),
          },
        },
      },
    },
    Outputs: {
      DashboardUrl: {
        Description: 'Alerts, volume, health and what costs follow',
        Value: {
          'Fn::Sub': `https://\${AWS::Region}.console.aws.amazon.com/cloudwatch/home?region=\${AWS::Region}#dashboards/dashboard/${name}`,
        },
      },
    },
  };
}
