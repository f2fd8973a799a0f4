/** The AWS resources that an alert is about, as its records name them. */
import type { Alert } from '../../alerts/alert.ts';
import { cleanValue } from '../../alerts/clean.ts';

const MOST_RESOURCES = 10;

export interface AlertResource {
  /** CloudFormation's name of its type. */
  readonly type: string;
  readonly uid: string;
}

const KINDS = [
  ['instance-id', 'AWS::EC2::Instance'],
  ['interface-id', 'AWS::EC2::NetworkInterface'],
  ['vpc-id', 'AWS::EC2::VPC'],
] as const;

/** AWS resources that the group and the samples name. */
export function resourcesOf(alert: Alert): AlertResource[] {
  const found = new Map<string, AlertResource>();
  for (const [field, type] of KINDS) {
    for (const record of [alert.group, ...alert.evidence.samples]) {
      const value = record[field];
      if (value === undefined || value === '') continue;
      const uid = cleanValue(value);
      found.set(`${type} ${uid}`, { type, uid });
    }
  }
  return [...found.values()].slice(0, MOST_RESOURCES);
}
