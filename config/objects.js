/**
 * The function `objects`: its role, who may tell its queue of new objects, and, where the parameter
 * `buckets` names any, the mapping that starts it. Without one nothing polls, and nothing costs.
 */
import { allow, att, decryptedBy, functionRole, sub } from './resource.js';

const arn = (path) => sub(`arn:\${AWS::Partition}:${path}`);
const bucketArn = ({ bucket }) => arn(`s3:::${bucket}`);
const objectsArn = ({ bucket, prefix }) => arn(`s3:::${bucket}/${prefix ? `${prefix}/*` : '*'}`);
const distinct = (resources) => [
  ...new Map(resources.map((one) => [JSON.stringify(one), one])).values(),
];

/** What the function may do; of buckets it reads what it was given, and changes nothing. */
function rights(buckets, keys) {
  return [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], att('ObjectsLogGroup', 'Arn')),
    allow('dynamodb:PutItem', att('DigestTable', 'Arn')),
    allow('s3:GetObject', [
      sub('${StateBucket.Arn}/snapshot.json.gz'),
      ...distinct(buckets.map(objectsArn)),
    ]),
    // Letters too large for a queue.
    allow('s3:PutObject', sub('${StateBucket.Arn}/unreadable/*')),
    // Without it S3 answers 403 for an object that is not there.
    allow('s3:ListBucket', [att('StateBucket', 'Arn'), ...distinct(buckets.map(bucketArn))]),
    ...decryptedBy('s3', keys),
    allow(
      [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ChangeMessageVisibility',
      ],
      att('ObjectsQueue', 'Arn'),
    ),
    allow('sqs:SendMessage', att('DeadLetterQueue', 'Arn')),
  ];
}

const mayTell = (Sid, Service, SourceArn) => ({
  Sid,
  ...allow('sqs:SendMessage', att('ObjectsQueue', 'Arn'), {
    StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    ArnLike: { 'aws:SourceArn': SourceArn },
  }),
  Principal: { Service },
});

/** S3 itself, a rule of EventBridge, or a topic that the bucket tells already. */
function tellers(buckets) {
  if (buckets.length === 0) return [];
  const here = '${AWS::Region}:${AWS::AccountId}';
  return [
    mayTell('BucketsMaySend', 's3.amazonaws.com', distinct(buckets.map(bucketArn))),
    mayTell('RulesMaySend', 'events.amazonaws.com', arn(`events:${here}:rule/*`)),
    mayTell('TopicsMaySend', 'sns.amazonaws.com', arn(`sns:${here}:*`)),
  ];
}

/**
 * @param {readonly { bucket: string, prefix: string }[]} buckets
 * @param {readonly string[]} keys ARNs of KMS keys that they are encrypted by
 * @param {{ assumedByLambda: object, permissionsBoundary: unknown }} role what every role has
 * @returns CloudFormation resources by logical id
 */
export function objectsResources(buckets, keys, role) {
  const queue = att('ObjectsQueue', 'Arn');
  return {
    ObjectsRole: functionRole('objects', rights(buckets, keys), role),
    ObjectsQueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'ObjectsQueue' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            ...tellers(buckets),
            {
              Sid: 'TlsOnly',
              Effect: 'Deny',
              Principal: '*',
              Action: 'sqs:*',
              Resource: queue,
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    },
    ...(buckets.length > 0 && {
      NewObjects: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'ObjectsLambdaFunction' },
          EventSourceArn: queue,
          BatchSize: 10,
          // Files come every five minutes, many at once: fewer starts for a moment's patience.
          MaximumBatchingWindowInSeconds: 5,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: 5 },
        },
      },
    }),
  };
}

export default async function objects({ resolveVariable }) {
  const { buckets, bucketKeys, permissionsBoundary } = await resolveVariable('self:custom.params');
  const assumedByLambda = await resolveVariable('self:custom.assumedByLambda');
  const role = { assumedByLambda, permissionsBoundary };
  return { Resources: objectsResources(buckets, bucketKeys, role) };
}
