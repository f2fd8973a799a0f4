/** The rules in force: published, valid, and able to see what they ask for. */
import { formatDuration, plural } from '../../alerts/english.ts';
import { blindSpots } from '../../config/blind-spots.ts';
import { type Check, known } from '../facts.ts';
import { bad, type Finding, ok, warn } from '../finding.ts';

export const snapshotCheck: Check = ({ snapshot: fact, now, stage, stack }) => {
  if (!('value' in fact)) return [];
  const published = fact.value;
  if (published === undefined) {
    return [
      bad(
        'Configuration',
        'no rules are published: nothing can be found',
        `aws lambda invoke --region ${stack.region} --function-name flowlog-alerts-${stage}-reconcile --payload '{}' --cli-binary-format raw-in-base64-out /dev/stdout`,
      ),
    ];
  }
  const age = formatDuration((now - published.at) / 1000);
  const { rules } = published.snapshot;
  if (rules.length <= 1) {
    return [
      warn(
        'Configuration',
        'no rule is in force but the test alert',
        'set builtin: true in the settings, or push rules',
      ),
    ];
  }
  return [ok('Configuration', `${plural(rules.length, 'rule')} in force, last changed ${age} ago`)];
};

/** Open troubles that the owner was told of; blind spots are told below, from the rules themselves. */
export const badRulesCheck: Check = ({ told: fact, stage }) => {
  const told = known(fact) ?? {};
  const open = Object.entries(told).filter(([, { hash }]) => hash !== '');
  return open
    .filter(([key]) => !key.startsWith('log group '))
    .map(([key]) =>
      bad(
        'Configuration',
        `${key} is in error; its last good version is in force, where there is one`,
        `flowlog-alerts rules check DIR, and the words are in the log: aws logs tail /aws/lambda/flowlog-alerts-${stage}-reconcile --since 10m`,
      ),
    );
};

export const blindSpotsCheck: Check = ({ snapshot }) => {
  const published = known(snapshot);
  if (published === undefined) return [];
  const findings: Finding[] = [];
  for (const [group, { lines }] of blindSpots(published.snapshot)) {
    for (const line of lines.slice(1)) {
      const [what = '', ...mend] = line.trim().split('; ');
      findings.push(warn('Configuration', `${group}: ${what}`, mend.join('; ') || undefined));
    }
  }
  return findings;
};
