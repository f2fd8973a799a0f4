/** Two queries over the logs of reduce, which decides about every firing, and of deliver, which brings it to channels. */
import type { SavedQuery } from '../ports/saved-query-store.ts';

export function decisionQueries(stage: string): SavedQuery[] {
  const logGroups = ['reduce', 'deliver'].map(
    (name) => `/aws/lambda/flowlog-alerts-${stage}-${name}`,
  );
  const named = (name: string, lines: readonly string[]): SavedQuery => ({
    // A rule's id has no slash, so none is called this.
    name: `flowlog-alerts/${stage}/decisions/${name}`,
    text: lines.join('\n| '),
    logGroups,
  });
  return [
    named('sent', [
      'fields @timestamp, event, rule, alert.rule.severity, alert.status, alert.message, channel, id, seq',
      'filter event = "notification" or (event = "delivery" and outcome = "delivered")',
      'sort @timestamp desc',
      'limit 1000',
    ]),
    named('not-sent', [
      'fields @timestamp, event, rule, reason, message, silence, inhibitedBy, channel, outcome, id',
      'filter event in ["decision", "notification-failed"] or (event = "delivery" and outcome in ["again", "parked"])',
      'sort @timestamp desc',
      'limit 1000',
    ]),
  ];
}
