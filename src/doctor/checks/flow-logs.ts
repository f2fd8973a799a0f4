/** Flow logs: delivered, once each, and of every VPC in use. */
import { planRegion } from '../../subscribe/plan.ts';
import { recommendedFormat } from '../../subscribe/recommended-format.ts';
import { type Check, known } from '../facts.ts';
import { bad, type Finding, ok, warn } from '../finding.ts';

export const flowLogsCheck: Check = ({ region: fact, snapshot, stage }) => {
  const region = known(fact);
  if (region === undefined) return [];
  const plan = planRegion(region, {
    stage,
    format: recommendedFormat(known(snapshot)?.snapshot),
    patternFor: () => '',
  });
  const findings: Finding[] = [];
  for (const { id, resource, destination, failure = '' } of plan.failing) {
    const where = destination.kind === 'log-group' ? destination.group : destination.arn;
    findings.push(
      bad(
        'Flow logs',
        `${id} of ${resource} is not delivered to ${where}: ${failure}`,
        /access/i.test(failure)
          ? 'let its role write there (logs:CreateLogStream, logs:PutLogEvents), and see that the log group exists'
          : undefined,
      ),
    );
  }
  for (const { first, second, groups } of plan.twice) {
    findings.push(
      warn(
        'Flow logs',
        `${first.id} of ${first.resource} and ${second.id} of ${second.resource} record the same traffic into ${groups.join(' and ')}: every record counts twice`,
        `aws ec2 delete-flow-logs --region ${region.region} --flow-log-ids ${first.id}`,
      ),
    );
  }
  for (const { vpc, name, subnets, command } of plan.uncovered) {
    const part = subnets.length === 0 ? '' : `${subnets.length} of its subnets are `;
    findings.push(
      warn(
        'Flow logs',
        `${vpc}${name === undefined ? '' : ` (${name})`}: ${part}without a flow log`,
        command,
      ),
    );
  }
  const delivered = region.flowLogs.length - plan.failing.length;
  if (region.flowLogs.length === 0)
    findings.push(bad('Flow logs', `there is none in ${region.region}`));
  else findings.push(ok('Flow logs', `${delivered} of ${region.flowLogs.length} are delivered`));
  return findings;
};
