import type { Alert } from '../../src/alerts/alert.ts';

/** An alert of a rule about SSH, for tests of what carries alerts. */
export function alertNamed(id: string, rest: Partial<Alert> = {}): Alert {
  const time = '2026-11-23T10:00:00Z';
  return {
    version: 1,
    type: 'alert',
    stage: 'prod',
    id,
    seq: 0,
    status: 'firing',
    rule: {
      id: 'ssh-from-internet',
      title: 'SSH from the internet',
      severity: 'high',
      tags: ['network', 'attack.t1021'],
      references: [],
    },
    group: { srcaddr: '198.51.100.7' },
    window: { start: time, end: '2026-11-23T10:05:00Z' },
    firstSeen: time,
    lastSeen: time,
    detectedAt: '2026-11-23T10:06:00Z',
    value: 120,
    threshold: 100,
    suppressed: 0,
    message: '198.51.100.7 opened 120 SSH connections',
    evidence: { records: 120, bytes: 10_080, packets: 1_200, samples: [], top: {} },
    sources: [
      { account: '123456789012', region: 'us-east-1', logGroup: '/vpc/flow', records: 120 },
    ],
    visibility: { skipped: 0, malformed: 0, lagSeconds: 70, covered: true },
    links: {},
    context: {},
    to: [],
    ...rest,
  };
}
