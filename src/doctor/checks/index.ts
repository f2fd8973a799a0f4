/** Every check, in the order of what it tells. */
import type { Check } from '../facts.ts';
import { alarmsCheck } from './alarms.ts';
import { channelsCheck } from './channels.ts';
import { clocksCheck } from './clocks.ts';
import { badRulesCheck, blindSpotsCheck, snapshotCheck } from './configuration.ts';
import { deadLettersCheck } from './dead-letters.ts';
import { flowLogsCheck } from './flow-logs.ts';
import { logGroupsCheck } from './log-groups.ts';
import { processingCheck } from './processing.ts';
import { quotasCheck } from './quotas.ts';
import { retentionCheck } from './retention.ts';
import { rightsCheck } from './rights.ts';
import { silenceOfGroupsCheck } from './silence-of-groups.ts';
import { silencesCheck } from './silences.ts';
import { functionsCheck, stackCheck } from './stack.ts';
import { subscribersCheck } from './subscribers.ts';

export const CHECKS: readonly Check[] = [
  stackCheck,
  functionsCheck,
  rightsCheck,
  flowLogsCheck,
  logGroupsCheck,
  silenceOfGroupsCheck,
  retentionCheck,
  snapshotCheck,
  badRulesCheck,
  blindSpotsCheck,
  processingCheck,
  alarmsCheck,
  deadLettersCheck,
  clocksCheck,
  subscribersCheck,
  channelsCheck,
  silencesCheck,
  quotasCheck,
];
