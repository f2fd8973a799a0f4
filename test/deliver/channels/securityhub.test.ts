import { describe, expect, test } from '@jest/globals';
import { anAlert } from '../../alerts/an-alert.ts';
import { aFullAlert, anOver, CHANNELS, CONTEXT, sent } from './contexts.ts';
import { schemaCheck } from './schemas.ts';

const wrong = schemaCheck('asff-finding.json');

function finding(alert = aFullAlert(), context = CONTEXT): Record<string, unknown> {
  const found = sent(alert, CHANNELS.securityhub, context);
  expect(wrong(found)).toEqual([]);
  return found;
}

describe('a Security Hub finding', () => {
  test('has what Security Hub requires, under the key of the alert', () => {
    expect(finding()).toMatchObject({
      SchemaVersion: '2018-10-08',
      Id: '123456789012/eu-west-1/prod/ABCDEFGHIJKLMNOPQRSTUVWXYZ',
      ProductArn: 'arn:aws:securityhub:eu-west-1:123456789012:product/123456789012/default',
      GeneratorId: 'flowlog-alerts/port-probing',
      AwsAccountId: '123456789012',
      Types: ['TTPs/Discovery'],
      CreatedAt: '2026-11-23T10:31:02.000Z',
      UpdatedAt: '2026-11-23T10:41:00.000Z',
      Severity: { Label: 'HIGH', Original: 'high' },
      Title: 'Port probing from the internet: 198.51.100.7 -> 10.0.0.5',
      Description: '198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes',
      RecordState: 'ACTIVE',
      Workflow: { Status: 'NEW' },
      Resources: [{ Type: 'AwsAccount', Id: 'AWS::::Account:123456789012' }],
    });
  });

  test('what is over is archived and resolved under the same id', () => {
    const over = finding(anOver());
    expect(over).toMatchObject({ RecordState: 'ARCHIVED', Workflow: { Status: 'RESOLVED' } });
    expect(over.Id).toBe(finding().Id);
    expect(over.Description).toContain('Over: nothing more since');
    expect(finding(aFullAlert({ status: 'updated', seq: 1 })).RecordState).toBe('ACTIVE');
  });

  test('the network is the group, with the ports that all samples share', () => {
    expect(finding().Network).toEqual({
      Protocol: 'TCP',
      SourceIpV4: '198.51.100.7',
      DestinationIpV4: '10.0.0.5',
    });
    const { evidence } = anAlert();
    const samples = [{ ...evidence.samples[0], traffic: 'inbound', dstaddr: '2001:db8::5' }];
    const group = { srcaddr: '198.51.100.7' };
    expect(finding(anAlert({ group, evidence: { ...evidence, samples } })).Network).toEqual({
      Direction: 'IN',
      Protocol: 'TCP',
      SourceIpV4: '198.51.100.7',
      SourcePort: 51_515,
      DestinationIpV6: '2001:db8::5',
      DestinationPort: 22,
    });
    const elsewhere = anAlert({
      group: { 'vpc-id': 'vpc-1' },
      evidence: { ...evidence, samples: [] },
    });
    expect(finding(elsewhere)).not.toHaveProperty('Network');
  });

  test('resources are named by ARN where the records name them', () => {
    const { evidence, sources } = anAlert();
    const samples = [
      { ...evidence.samples[0], 'instance-id': 'i-0abc', 'interface-id': 'eni-0abc' },
    ];
    const alert = anAlert({
      evidence: { ...evidence, samples },
      sources: [{ ...sources[0], account: '210987654321', region: 'us-east-1' }],
    });
    expect(finding(alert).Resources).toEqual([
      {
        Type: 'AwsEc2Instance',
        Id: 'arn:aws:ec2:us-east-1:210987654321:instance/i-0abc',
        Partition: 'aws',
        Region: 'us-east-1',
      },
      {
        Type: 'AwsEc2NetworkInterface',
        Id: 'arn:aws:ec2:us-east-1:210987654321:network-interface/eni-0abc',
        Partition: 'aws',
        Region: 'us-east-1',
      },
    ]);
    // The finding is still of the account that imports it.
    expect(finding(alert).AwsAccountId).toBe('123456789012');
  });

  test.each([
    ['cn-north-1', 'arn:aws-cn:securityhub:'],
    ['us-gov-west-1', 'arn:aws-us-gov:securityhub:'],
  ])('the partition of %s is its own', (region, prefix) => {
    const { ProductArn } = finding(anAlert(), { ...CONTEXT, region });
    expect(ProductArn).toMatch(new RegExp(`^${prefix}${region}:`));
  });

  test.each([
    [['attack.t1048'], ['Effects/Data Exfiltration']],
    [
      ['attack.t1021.004', 'attack.t1110'],
      ['TTPs/Lateral Movement', 'TTPs/Credential Access'],
    ],
    [['attack.t1595.001'], ['TTPs/Discovery']],
    [['attack.t1498'], ['Effects/Denial of Service']],
    [['mine'], ['Unusual Behaviors/Network Flow']],
  ])('tags %j are the types %j', (tags, types) => {
    expect(finding(anAlert({ rule: { ...anAlert().rule, tags } })).Types).toEqual(types);
  });

  test('the remediation is the runbook and the silence command', () => {
    expect(finding().Remediation).toMatchObject({
      Recommendation: {
        Text: expect.stringMatching(/^Follow the runbook\. If it is expected: npx flowlog-alerts/),
        Url: 'https://example.com/runbook#port-probing',
      },
    });
    const { runbook: _, ...rule } = anAlert().rule;
    expect(finding(anOver({ rule }))).not.toHaveProperty('Remediation');
  });
});
