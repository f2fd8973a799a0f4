/** Why a firing, or a message about an alert that goes on, was told or not. */

/** What each means, as `flowlog-alerts alerts` says it. */
export const REASONS = {
  notified: 'sent',
  cooldown: 'the group was told of within the cooldown',
  open: 'the alert is open still, and was told of',
  shadow: 'the rule is in mode shadow',
  signal: 'the rule is in mode signal',
  storm: 'folded into a summary by the storm limit',
  silenced: 'a silence holds it back',
  budget: 'held for the summary of the day by the budget of the rule',
  inhibited: 'an open alert of another rule holds it back',
} as const;

export type Reason = keyof typeof REASONS;
