import type { Alert } from './alert.ts';

/** What must be said of an alert that rests on no records. */
export type BareAlert = Pick<
  Alert,
  'type' | 'stage' | 'id' | 'rule' | 'window' | 'value' | 'threshold' | 'message'
> &
  Partial<Alert>;

/** A summary, a test, or what the service tells of itself: seen and detected in its window, unless told otherwise. */
export function bareAlert(given: BareAlert): Alert {
  const { type, stage, id, rule, window, value, threshold, message, ...more } = given;
  return {
    version: 1,
    type,
    stage,
    id,
    seq: 0,
    status: 'firing',
    rule,
    group: {},
    window,
    firstSeen: window.start,
    lastSeen: window.end,
    detectedAt: window.end,
    value,
    threshold,
    suppressed: 0,
    message,
    evidence: { records: 0, bytes: 0, packets: 0, samples: [], top: {} },
    sources: [],
    visibility: { skipped: 0, malformed: 0, lagSeconds: 0, covered: true },
    links: {},
    context: {},
    to: [],
    ...more,
  };
}
