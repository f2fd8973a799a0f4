import { describe, expect, test } from '@jest/globals';
import { athenaResources } from '../../config/athena.js';
import type { AthenaTable } from '../../config/params.js';
import { DEFAULT_LAYOUT } from '../../src/records/layout.ts';

const PLAIN: AthenaTable = {
  location: 's3://logs/vpc',
  format: '',
  layout: { parquet: false, hive: false, hourly: false },
  accounts: [],
  regions: [],
};

interface Table {
  readonly Properties: {
    readonly TableInput: {
      readonly Parameters: Readonly<Record<string, unknown>>;
      readonly PartitionKeys: readonly { readonly Name: string }[];
      readonly StorageDescriptor: {
        readonly Columns: readonly { readonly Name: string; readonly Type: string }[];
        readonly InputFormat: string;
        readonly Location: string;
      };
    };
  };
}

const tableOf = (given: Partial<AthenaTable> = {}) => {
  const { Resources } = athenaResources({ ...PLAIN, ...given }, 'prod');
  return (Resources.FlowLogTable as Table).Properties.TableInput;
};
const template = (given: Partial<AthenaTable> = {}) => {
  const { Parameters } = tableOf(given);
  return (Parameters['storage.location.template'] as { 'Fn::Sub': [string, object] })['Fn::Sub'];
};

describe('The table of Athena', () => {
  test('is not made unless it is asked for', () => {
    expect(athenaResources(undefined, 'prod')).toEqual({ Resources: {}, Outputs: {} });
  });

  test('has a column for each field of the format, numbers as numbers', () => {
    const { Columns } = tableOf().StorageDescriptor;
    expect(Columns.map(({ Name }) => Name)).toEqual(
      DEFAULT_LAYOUT.fields.map(({ name }) => name.replaceAll('-', '_')),
    );
    expect(Columns).toContainEqual({ Name: 'dstport', Type: 'bigint' });
    expect(Columns).toContainEqual({ Name: 'start', Type: 'bigint' });
    expect(Columns).toContainEqual({ Name: 'srcaddr', Type: 'string' });
  });

  test('works its partitions out from plain paths, in this account and region', () => {
    expect(template()).toEqual([
      '${Bucket}/AWSLogs/${!aws_account_id}/vpcflowlogs/${!aws_region}/${!year}/${!month}/${!day}',
      { Bucket: 's3://logs/vpc' },
    ]);
    const { Parameters, StorageDescriptor } = tableOf();
    expect(StorageDescriptor.Location).toBe('s3://logs/vpc/AWSLogs/');
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.aws_account_id.values': { 'Fn::Sub': '${AWS::AccountId}' },
      'projection.month.range': '1,12',
      'projection.month.digits': '2',
      'skip.header.line.count': '1',
    });
    expect(Parameters).not.toHaveProperty('projection.hour.type');
  });

  test('knows Hive paths by the hour, and Parquet, which has no header', () => {
    const layout = { parquet: true, hive: true, hourly: true };
    expect(template({ layout })[0]).toBe(
      '${Bucket}/AWSLogs/aws-account-id=${!aws_account_id}/aws-service=vpcflowlogs/aws-region=${!aws_region}/year=${!year}/month=${!month}/day=${!day}/hour=${!hour}',
    );
    const { Parameters, PartitionKeys, StorageDescriptor } = tableOf({ layout });
    expect(StorageDescriptor.InputFormat).toContain('parquet');
    expect(Parameters).not.toHaveProperty('skip.header.line.count');
    expect(PartitionKeys.at(-1)).toEqual({ Name: 'hour', Type: 'string' });
  });

  test('has the accounts and regions that are named', () => {
    const { Parameters } = tableOf({
      accounts: ['111111111111', '222222222222'],
      regions: ['eu-west-1', 'eu-west-3'],
    });
    expect(Parameters).toMatchObject({
      'projection.aws_account_id.values': '111111111111,222222222222',
      'projection.aws_region.values': 'eu-west-1,eu-west-3',
    });
  });

  test('no partition is called as a field of any format', () => {
    const { PartitionKeys } = tableOf({ layout: { parquet: false, hive: false, hourly: true } });
    const { Columns } = tableOf({
      format: '${region} ${account-id} ${az-id} ${srcaddr}',
    }).StorageDescriptor;
    const names = new Set(Columns.map(({ Name }) => Name));
    expect(PartitionKeys.filter(({ Name }) => names.has(Name))).toEqual([]);
  });

  test('tells its name, workgroup and fields', () => {
    const { Outputs } = athenaResources({ ...PLAIN, format: '${srcaddr} ${log-status}' }, 'a-b');
    expect(Outputs.AthenaTable.Value).toBe('flowlog_alerts_a_b.vpc_flow_logs');
    expect(Outputs.AthenaFormat.Value).toBe('srcaddr log_status');
  });
});
