/** Log groups that keep flow logs for ever are paid for, for ever. */
import { groupsOf } from '../../subscribe/facts.ts';
import { type Check, known } from '../facts.ts';
import { warn } from '../finding.ts';

export const retentionCheck: Check = ({ region: fact }) => {
  const region = known(fact);
  if (region === undefined) return [];
  return [...groupsOf(region.flowLogs)].sort().flatMap((name) => {
    const group = region.groups.get(name);
    if (group === undefined || group.retentionDays !== undefined) return [];
    return [
      warn(
        'Log groups',
        `${name} keeps its events for ever, which costs more each month`,
        `aws logs put-retention-policy --region ${region.region} --log-group-name '${name}' --retention-in-days 30`,
      ),
    ];
  });
};
