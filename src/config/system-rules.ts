/** Rules that a deployed service always has. */
import type { CompiledRule } from '../rules/compiled.ts';

/** The interface of synthetic flows; no interface in AWS is called so. */
export const TEST_INTERFACE = 'eni-flowlogalertstest';

/** The log group of synthetic flows; of those for a channel, its name follows behind a slash. */
export const TEST_LOG_GROUP = 'flowlog-alerts/test';

/** Fires at the synthetic flow that `test-alert` sends through the whole chain. */
export const TEST_ALERT_RULE: CompiledRule = {
  id: 'test-alert',
  title: 'Test alert',
  description: 'A synthetic flow went through the whole chain. Nothing happened in the network.',
  severity: 'info',
  tags: ['test'],
  references: [],
  match: {
    field: 'interface-id',
    test: { in: { strings: [TEST_INTERFACE] } },
    path: 'match.interface-id',
  },
  detect: { kind: 'every' },
  by: [{ field: 'srcport', optional: false }],
  cooldown: 60,
  storm: 20,
  to: ['default'],
  mode: 'live',
  resolve: false,
  alarm: false,
};

/** Ids that no document may take. */
export const RESERVED_IDS: ReadonlySet<string> = new Set([TEST_ALERT_RULE.id]);
