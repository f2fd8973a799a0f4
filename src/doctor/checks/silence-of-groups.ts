/** Whether records still come into log groups, and from there to the reducers. */
import { formatDuration } from '../../alerts/english.ts';
import { groupsOf } from '../../subscribe/facts.ts';
import { filterName } from '../../subscribe/names.ts';
import { type Check, known } from '../facts.ts';
import { bad, type Finding, ok, warn } from '../finding.ts';

/** A group with any interface has a line each ten minutes; CloudWatch tells its newest up to an hour late. */
const SILENT = 2 * 3_600_000;
/** Delivery takes minutes; this is for trouble. */
const UNHEARD = 30 * 60_000;

export const silenceOfGroupsCheck: Check = (facts) => {
  const region = known(facts.region);
  const lastEvents = known(facts.lastEvents);
  if (region === undefined || lastEvents === undefined) return [];
  const { now, stage } = facts;
  const metrics = known(facts.metrics)?.groups;
  const shards = known(facts.shards);
  const findings: Finding[] = [];
  for (const group of [...groupsOf(region.flowLogs)].sort()) {
    const found = region.groups.get(group);
    if (found === undefined) continue;
    const ours = found.filters.some(
      ({ name, destination }) =>
        name === filterName(stage) || destination === region.stack?.outputs.LogsFunctionArn,
    );
    const numbers = metrics?.[group];
    const last = lastEvents.get(group);
    const comes = (numbers?.incoming ?? 0) > 0 || (last !== undefined && now - last < SILENT);
    if (last === undefined && !comes) {
      findings.push(
        warn(
          'Log groups',
          `${group} has never had a record`,
          'the first ones come ten minutes after a flow log is made',
        ),
      );
      continue;
    }
    if (!comes) {
      findings.push(
        warn(
          'Log groups',
          `${group}: no record for ${ago(now, last as number)}`,
          `aws ec2 describe-flow-logs --region ${region.region} --filter Name=log-group-name,Values=${group}`,
        ),
      );
      continue;
    }
    if ((numbers?.deliveryErrors ?? 0) > 0) {
      findings.push(
        bad(
          'Log groups',
          `${group}: in the last hour CloudWatch Logs could not start the function ${numbers?.deliveryErrors} times`,
          `aws lambda get-policy --region ${region.region} --function-name flowlog-alerts-${stage}-logs`,
        ),
      );
    }
    if (!ours || shards === undefined) continue;
    const heard = Math.max(
      0,
      ...shards.flatMap(({ sources }) =>
        sources.filter(({ source }) => source.name === group).map(({ arrival }) => arrival * 1000),
      ),
    );
    if (heard > 0 && now - heard < UNHEARD) {
      findings.push(ok('Log groups', `${group}: records were processed ${ago(now, heard)} ago`));
    } else if (heard > 0) {
      findings.push(
        bad(
          'Log groups',
          `${group} has records, but none was processed for ${ago(now, heard)}`,
          `aws logs tail /aws/lambda/flowlog-alerts-${stage}-logs --region ${region.region} --since 1h`,
        ),
      );
    } else {
      findings.push(
        warn(
          'Log groups',
          `${group} has records, but none was processed yet`,
          `flowlog-alerts test-alert --stage ${stage} --region ${region.region}`,
        ),
      );
    }
  }
  return findings;
};

function ago(now: number, then: number): string {
  return formatDuration(Math.max(0, (now - then) / 1000));
}
