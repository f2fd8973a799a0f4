/** Whether digests are merged in time, the clock ticks and alerts leave. */
import { formatDuration, plural } from '../../alerts/english.ts';
import { type Check, known } from '../facts.ts';
import { bad, type Finding, ok, warn } from '../finding.ts';

/** Milliseconds; the alarm reduce-behind has the same. */
const BEHIND = 600_000;
/** An alert that SNS does not take is tried for six hours. */
const STUCK = 600_000;
/** Functions that run by the clock. */
const CLOCKED = ['tick', 'reconcile'];

export const processingCheck: Check = (facts) => {
  const metrics = known(facts.metrics);
  const { stage, now } = facts;
  const findings: Finding[] = [];
  const age = metrics?.iteratorAge;
  if (age !== undefined && age > BEHIND) {
    findings.push(
      bad(
        'Processing',
        `digests wait for ${formatDuration(age / 1000)}: alerts are late`,
        'docs/operations.md, "reduce-behind"',
      ),
    );
  } else if (age !== undefined) {
    findings.push(ok('Processing', `digests are merged within ${formatDuration(age / 1000)}`));
  }
  for (const name of metrics === undefined ? [] : CLOCKED) {
    if ((metrics?.invocations[`flowlog-alerts-${stage}-${name}`] ?? 0) > 0) continue;
    findings.push(
      bad(
        'Processing',
        `${name} has not run for a quarter of an hour`,
        `aws events list-rules --region ${facts.stack.region} --name-prefix flowlog-alerts-${stage}`,
      ),
    );
  }
  const outbox = (known(facts.shards) ?? []).flatMap((shard) => shard.outbox);
  const stuck = outbox.filter(({ since }) => now - since > STUCK);
  if (stuck.length > 0) {
    const oldest = Math.min(...stuck.map(({ since }) => since));
    findings.push(
      bad(
        'Alerts',
        `${plural(stuck.length, 'alert')} could not be published for ${formatDuration((now - oldest) / 1000)}`,
        `aws logs tail /aws/lambda/flowlog-alerts-${stage}-reduce --region ${facts.stack.region} --since 30m`,
      ),
    );
  }
  if ((metrics?.throttledWrites ?? 0) > 0) {
    findings.push(
      warn(
        'Limits',
        `the table refused ${metrics?.throttledWrites} writes in the last hour; they were tried again`,
        'deploy with more shards: docs/operations.md, "Changing the number of shards"',
      ),
    );
  }
  return findings;
};
