/** Log groups of flow logs: read by this stage, and permitted to start its function. */

import { hiddenFrom } from '../../config/narrow-pattern.ts';
import { groupsOf } from '../../subscribe/facts.ts';
import { filterName } from '../../subscribe/names.ts';
import { planGroup } from '../../subscribe/plan-group.ts';
import { type Check, known } from '../facts.ts';
import { bad, type Finding, listed, ok, warn } from '../finding.ts';

export const logGroupsCheck: Check = (facts) => {
  const region = known(facts.region);
  if (region === undefined) return [];
  const { stage } = facts;
  const published = known(facts.snapshot)?.snapshot;
  const findings: Finding[] = [];
  const read: string[] = [];
  for (const group of [...groupsOf(region.flowLogs)].sort()) {
    const own = region.groups.get(group)?.filters.find(({ name }) => name === filterName(stage));
    // A pattern is no fault by itself; whether it hides something is asked below.
    const patternFor = () => own?.pattern ?? '';
    const plan = planGroup(group, region, { stage, patternFor });
    const command = `flowlog-alerts subscribe --stage ${stage} --region ${region.region} --groups '${group}' --apply`;
    if (plan.verdict === 'subscribe') {
      findings.push(warn('Log groups', `${group}: nothing of this stage reads it`, command));
    } else if (plan.verdict === 'cannot') {
      findings.push(warn('Log groups', `${group} cannot be read: ${plan.reason}`, plan.mend));
    } else if (plan.permissionMissing) {
      const mend = plan.verdict === 'update' ? command : plan.mend;
      findings.push(
        bad(
          'Log groups',
          `${group}: CloudWatch Logs may not start the function logs for it; what arrives is skipped`,
          mend,
        ),
      );
    } else if (plan.verdict === 'update') {
      findings.push(bad('Log groups', `${group}: ${plan.reason}`, command));
    } else if (plan.mend !== undefined) {
      findings.push(bad('Log groups', `${group}: ${plan.reason}`, plan.mend));
    } else read.push(group);
    const hidden = own && published ? hiddenFrom(published, group, own.pattern) : [];
    if (hidden.length > 0) {
      findings.push(
        bad(
          'Log groups',
          `${group}: its filter passes on only ${own?.pattern}, and ${listed(hidden)} may need more`,
          command,
        ),
      );
    }
  }
  if (read.length > 0)
    findings.push(ok('Log groups', `${listed(read, 3)} ${read.length > 1 ? 'are' : 'is'} read`));
  return findings;
};
