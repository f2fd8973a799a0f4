/**
 * A table of Athena over flow logs in S3, for the parameter `athena`: partitions are worked out from
 * their paths, so that nobody has to add any. Columns come from the field table.
 *
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
 */
import { DEFAULT_FORMAT, parseLayout } from '../src/records/layout.ts';
import { sub } from './resource.js';

/** Most that one query may read, bytes: half a dollar at list price. */
const CUTOFF = 100_000_000_000;
/** Flow logs in S3 in their present form began in 2018. */
const YEARS = '2018,2045';

const SERDES = {
  text: {
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    SerdeInfo: {
      SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      Parameters: { 'field.delim': ' ', 'serialization.format': ' ' },
    },
  },
  parquet: {
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    SerdeInfo: {
      SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
      Parameters: { 'serialization.format': '1' },
    },
  },
};

const filled = (text) => (text.includes('${AWS::') ? sub(text) : text);

/** Numbers are bigint whatever Parquet has: AWS's pages name both for the same field. */
function columnsOf(format) {
  return parseLayout(format || DEFAULT_FORMAT).fields.map(({ name, type }) => ({
    Name: name.replaceAll('-', '_'),
    Type: type === 'number' || type === 'time' ? 'bigint' : 'string',
  }));
}

/** Partition columns with what Athena must know to work them out. */
function partitions({ accounts, regions, layout }) {
  const whole = (range, digits) => ({ type: 'integer', range, digits });
  return {
    aws_account_id: {
      type: 'enum',
      values: accounts.length > 0 ? accounts.join(',') : '${AWS::AccountId}',
    },
    aws_region: {
      type: 'enum',
      values: regions.length > 0 ? regions.join(',') : '${AWS::Region}',
    },
    year: whole(YEARS, '4'),
    month: whole('1,12', '2'),
    day: whole('1,31', '2'),
    ...(layout.hourly && { hour: whole('0,23', '2') }),
  };
}

/** Where the objects of a partition are; `${!name}` is what Fn::Sub leaves as `${name}`. */
function template({ location, layout }) {
  const named = (key, name) => (layout.hive ? `${key}=\${!${name}}` : `\${!${name}}`);
  const service = layout.hive ? 'aws-service=vpcflowlogs' : 'vpcflowlogs';
  const path = [
    named('aws-account-id', 'aws_account_id'),
    service,
    named('aws-region', 'aws_region'),
    named('year', 'year'),
    named('month', 'month'),
    named('day', 'day'),
    ...(layout.hourly ? [named('hour', 'hour')] : []),
  ];
  return { 'Fn::Sub': [`\${Bucket}/AWSLogs/${path.join('/')}`, { Bucket: location }] };
}

function projection(table) {
  const parameters = {
    EXTERNAL: 'TRUE',
    'projection.enabled': 'true',
    'storage.location.template': template(table),
    ...(!table.layout.parquet && { 'skip.header.line.count': '1' }),
  };
  for (const [name, settings] of Object.entries(partitions(table))) {
    for (const [key, value] of Object.entries(settings)) {
      parameters[`projection.${name}.${key}`] = filled(value);
    }
  }
  return parameters;
}

/**
 * @param table what the parameters `athena...` came to; undefined for none
 * @param {string} stage
 * @returns CloudFormation resources and outputs
 */
export function athenaResources(table, stage) {
  if (table === undefined) return { Resources: {}, Outputs: {} };
  const database = `flowlog_alerts_${stage.replaceAll('-', '_')}`;
  const { layout, location, format } = table;
  const catalog = { Ref: 'AWS::AccountId' };
  return {
    Resources: {
      FlowLogDatabase: {
        Type: 'AWS::Glue::Database',
        Properties: {
          CatalogId: catalog,
          DatabaseInput: { Name: database, Description: `flowlog-alerts ${stage}` },
        },
      },
      FlowLogTable: {
        Type: 'AWS::Glue::Table',
        Properties: {
          CatalogId: catalog,
          DatabaseName: { Ref: 'FlowLogDatabase' },
          TableInput: {
            Name: 'vpc_flow_logs',
            TableType: 'EXTERNAL_TABLE',
            Parameters: projection(table),
            PartitionKeys: Object.keys(partitions(table)).map((Name) => ({ Name, Type: 'string' })),
            StorageDescriptor: {
              Columns: columnsOf(format),
              Location: `${location}/AWSLogs/`,
              ...SERDES[layout.parquet ? 'parquet' : 'text'],
            },
          },
        },
      },
      FlowLogWorkgroup: {
        Type: 'AWS::Athena::WorkGroup',
        Properties: {
          Name: `flowlog-alerts-${stage}`,
          Description: 'rules backtest',
          RecursiveDeleteOption: true,
          WorkGroupConfiguration: {
            EnforceWorkGroupConfiguration: true,
            PublishCloudWatchMetricsEnabled: false,
            BytesScannedCutoffPerQuery: CUTOFF,
            ResultConfiguration: {
              OutputLocation: sub('s3://${StateBucket}/athena/'),
              EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
            },
          },
        },
      },
    },
    Outputs: {
      AthenaTable: {
        Description: 'Flow logs in S3, for rules backtest --deployed',
        Value: `${database}.vpc_flow_logs`,
      },
      AthenaWorkgroup: {
        Description: 'Bounds what a backtest reads, and keeps its results for a week',
        Value: { Ref: 'FlowLogWorkgroup' },
      },
      AthenaFormat: {
        Description: 'Fields of the table, in their order',
        Value: columnsOf(format)
          .map(({ Name }) => Name)
          .join(' '),
      },
    },
  };
}

export default async function athena({ resolveVariable }) {
  const { athena: table } = await resolveVariable('self:custom.params');
  return athenaResources(table, await resolveVariable('sls:stage'));
}
