/** Two queries over the log of the function reduce, which holds every decision about a firing. */
import type { SavedQuery } from '../ports/saved-query-store.ts';

export function decisionQueries(stage: string): SavedQuery[] {
  const logGroups = [`/aws/lambda/flowlog-alerts-${stage}-reduce`];
  const named = (name: string, lines: readonly string[]): SavedQuery => ({
    // A rule's id has no slash, so none is called this.
    name: `flowlog-alerts/${stage}/decisions/${name}`,
    text: lines.join('\n| '),
    logGroups,
  });
  return [
    named('sent', [
      'fields @timestamp, rule, alert.status, alert.rule.severity, alert.message, id, seq',
      'filter event = "notification" and sent = 1',
      'sort @timestamp desc',
      'limit 1000',
    ]),
    named('not-sent', [
      'fields @timestamp, rule, reason, message, value, threshold, id, attempts',
      'filter event = "decision" or event = "notification-failed"',
      'sort @timestamp desc',
      'limit 1000',
    ]),
  ];
}
