/**
 * The function `stream`: its role, a mapping for each Kinesis stream that the parameter `streams`
 * names, and, where `createStream` asks for one, a stream of the stack's own with what lets
 * CloudWatch Logs write to it, of other accounts as well. Without a stream nothing polls, and nothing
 * costs.
 */
import { createHash } from 'node:crypto';
import { allow, att, decryptedBy, functionRole, sub } from './resource.js';

const idOf = (arn) => createHash('sha256').update(arn).digest('hex').slice(0, 16);

/** The stream that the stack makes, where it makes one. */
const OWN = att('FlowLogStream', 'Arn');

/** What the function may do; of streams it reads what it was given. */
function rights(sources, keys) {
  return [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], att('StreamLogGroup', 'Arn')),
    // A row of packs is read before it is added to.
    allow(['dynamodb:PutItem', 'dynamodb:Query'], att('DigestTable', 'Arn')),
    allow('s3:GetObject', sub('${StateBucket.Arn}/snapshot.json.gz')),
    // Letters too large for a queue, and, below Lambda's own prefix, records it had to give up.
    allow('s3:PutObject', [
      sub('${StateBucket.Arn}/unreadable/*'),
      sub('${StateBucket.Arn}/aws/lambda/*'),
    ]),
    // Without it S3 answers 403 for an object that is not there.
    allow('s3:ListBucket', att('StateBucket', 'Arn')),
    allow('sqs:SendMessage', att('DeadLetterQueue', 'Arn')),
    ...(sources.length > 0
      ? [
          allow(
            [
              'kinesis:DescribeStream',
              'kinesis:DescribeStreamSummary',
              'kinesis:GetRecords',
              'kinesis:GetShardIterator',
              'kinesis:ListShards',
            ],
            sources,
          ),
          // Lambda refuses a mapping without it, and it knows no narrower resource.
          allow('kinesis:ListStreams', '*'),
        ]
      : []),
    ...decryptedBy('kinesis', keys),
  ];
}

/** @param {'TRIM_HORIZON' | 'LATEST'} from */
const mapping = (source, from) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    FunctionName: { Ref: 'StreamLambdaFunction' },
    EventSourceArn: source,
    StartingPosition: from,
    // A minute's patience, or 6 MB, makes few large packs of many small batches.
    BatchSize: 10_000,
    MaximumBatchingWindowInSeconds: 60,
    ParallelizationFactor: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    // As long as a failed batch of a subscription is tried. What cannot be read never gets here.
    MaximumRecordAgeInSeconds: 21_600,
    MaximumRetryAttempts: 1_000,
    // A bucket gets the whole records, a queue only their sequence numbers.
    DestinationConfig: { OnFailure: { Destination: att('StateBucket', 'Arn') } },
  },
});

/** On demand, or so many shards: one takes a megabyte a second, packed. */
function stream(made) {
  return {
    Type: 'AWS::Kinesis::Stream',
    // A day's records that were read; flow logs stay in their log groups.
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: {
      RetentionPeriodHours: 24,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      ...(made === 'on-demand'
        ? { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }
        : { StreamModeDetails: { StreamMode: 'PROVISIONED' }, ShardCount: Number(made) }),
    },
  };
}

/** Whose log groups CloudWatch Logs may take the role for; the destination's policy says who may ask. */
function writers({ accounts, organization }) {
  const of = (account) => sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:${account}:*`);
  return organization ? [of('*')] : [of('${AWS::AccountId}'), ...accounts.map(of)];
}

const destinationArn = (stage) =>
  `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:destination:flowlog-alerts-${stage}`;

function destinationPolicy(stage, { accounts, organization }) {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: organization ? '*' : { AWS: accounts },
        Action: 'logs:PutSubscriptionFilter',
        Resource: destinationArn(stage),
        ...(organization && {
          Condition: { StringEquals: { 'aws:PrincipalOrgID': organization } },
        }),
      },
    ],
  });
}

function ownStream(stage, made, senders, permissionsBoundary) {
  const others = senders.accounts.length > 0 || senders.organization !== undefined;
  return {
    FlowLogStream: stream(made),
    // CloudWatch Logs writes with it, from this account's log groups and through the destination.
    LogsToStreamRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        PermissionsBoundary: permissionsBoundary,
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'logs.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: { StringLike: { 'aws:SourceArn': writers(senders) } },
            },
          ],
        },
        Policies: [
          {
            PolicyName: 'write',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [allow('kinesis:PutRecord', OWN)],
            },
          },
        ],
      },
    },
    ...(others && {
      LogDestination: {
        Type: 'AWS::Logs::Destination',
        Properties: {
          // Members name it, so it keeps its name.
          DestinationName: `flowlog-alerts-${stage}`,
          RoleArn: att('LogsToStreamRole', 'Arn'),
          TargetArn: OWN,
          DestinationPolicy: sub(destinationPolicy(stage, senders)),
        },
      },
    }),
  };
}

/**
 * @param {string} stage
 * @param {{
 *   streams: readonly string[], keys: readonly string[], made: string,
 *   senders: { accounts: readonly string[], organization?: string },
 * }} params ARNs of streams and of the KMS keys that they are encrypted by; what is to be made; who may
 *   write to it beside this account
 * @param {{ assumedByLambda: object, permissionsBoundary: unknown }} role what every role has
 * @returns CloudFormation resources by logical id
 */
export function streamResources(stage, { streams, keys, made, senders }, role) {
  const mappings = {};
  // One that is there has a past, which may be long.
  for (const arn of streams) mappings[`FlowRecords${idOf(arn)}`] = mapping(arn, 'LATEST');
  // LATEST would lose what is written while the mapping is being made.
  if (made) mappings.FlowRecords = mapping(OWN, 'TRIM_HORIZON');
  return {
    StreamRole: functionRole('stream', rights([...streams, ...(made ? [OWN] : [])], keys), role),
    ...mappings,
    ...(made && ownStream(stage, made, senders, role.permissionsBoundary)),
  };
}

function outputs(made, resources) {
  if (!made) return {};
  return {
    FlowLogStreamArn: {
      Description: 'Destination for subscription filters of this account, by LogsToStreamRoleArn',
      Value: OWN,
    },
    LogsToStreamRoleArn: {
      Description: 'Role by which CloudWatch Logs writes to the stream',
      Value: att('LogsToStreamRole', 'Arn'),
    },
    ...(resources.LogDestination && {
      LogDestinationArn: {
        Description: 'Destination for subscription filters of other accounts',
        Value: att('LogDestination', 'Arn'),
      },
    }),
  };
}

export default async function streams({ resolveVariable }) {
  const params = await resolveVariable('self:custom.params');
  const {
    permissionsBoundary,
    createStream: made,
    streamKeys: keys,
    streamSenders: senders,
  } = params;
  const assumedByLambda = await resolveVariable('self:custom.assumedByLambda');
  const stage = await resolveVariable('sls:stage');
  const wanted = { streams: params.streams, keys, made, senders };
  const Resources = streamResources(stage, wanted, { assumedByLambda, permissionsBoundary });
  return { Resources, Outputs: outputs(made, Resources) };
}
