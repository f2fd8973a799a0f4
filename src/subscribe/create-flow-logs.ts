/** The command that gives a VPC a flow log as the rules want it. */
import type { Uncovered } from './coverage.ts';

export interface NewFlowLog {
  readonly region: string;
  readonly uncovered: Uncovered;
  readonly format: string;
  /** Role of a flow log that is there already. */
  readonly role?: string;
}

/** Stands for a role that nobody can know. */
export const ROLE_UNKNOWN = 'ROLE_ARN';

/** A log group of the VPC's own: a group takes two subscription filters, and its name says whose it is. */
function newGroupName(vpc: string): string {
  return `/vpc/flow-logs/${vpc}`;
}

/** One line for a POSIX shell. */
export function createFlowLogsCommand({ region, uncovered, format, role }: NewFlowLog): string {
  const { vpc, subnets } = uncovered;
  const whole = subnets.length === 0;
  return [
    'aws ec2 create-flow-logs',
    `--region ${region}`,
    `--resource-type ${whole ? 'VPC' : 'Subnet'}`,
    `--resource-ids ${whole ? vpc.id : subnets.join(' ')}`,
    '--traffic-type ALL',
    '--max-aggregation-interval 60',
    '--log-destination-type cloud-watch-logs',
    `--log-group-name ${newGroupName(vpc.id)}`,
    `--deliver-logs-permission-arn ${role ?? ROLE_UNKNOWN}`,
    `--log-format '${format}'`,
  ].join(' ');
}
