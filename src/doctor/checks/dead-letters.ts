/** What could not be processed or delivered and waits for a person. */
import { plural } from '../../alerts/english.ts';
import { type Check, known } from '../facts.ts';
import { bad, type Finding, ok, warn } from '../finding.ts';
import { keepsFailures, readLetter } from '../letter.ts';

export const deadLettersCheck: Check = ({ queues: fact, stack }) => {
  const queues = known(fact);
  if (queues === undefined) return [];
  const findings: Finding[] = [];
  for (const { logicalId, url, depth, first } of queues) {
    if (depth === 0) continue;
    if (!keepsFailures(logicalId)) {
      if (/Retry/.test(logicalId)) {
        findings.push(
          warn(
            'Processing',
            `${depth} failed batches wait to be tried again`,
            'docs/operations.md, "logs-errors"',
          ),
        );
      }
      continue;
    }
    const kinds = new Map<string, string>();
    for (const body of first) {
      const { kind, reason } = readLetter(body);
      if (!kinds.has(kind)) kinds.set(kind, reason);
    }
    const reasons = [...kinds].map(([kind, reason]) => `${kind}: ${reason}`);
    findings.push(
      bad(
        'Processing',
        `${plural(depth, 'message')} in ${logicalId}${reasons.length > 0 ? `; ${reasons.join('; ')}` : ''}`,
        `aws sqs receive-message --region ${stack.region} --queue-url ${url} --max-number-of-messages 10; docs/operations.md, "dead-letters"`,
      ),
    );
  }
  if (findings.length === 0)
    findings.push(ok('Processing', 'nothing waits in the dead-letter queues'));
  return findings;
};
