import type { Alert } from '../../src/alerts/alert.ts';

/** A port-probing alert with everything in it; `changes` replace whole members. */
export function anAlert(changes: Partial<Alert> = {}): Alert {
  return {
    version: 1,
    type: 'alert',
    stage: 'prod',
    id: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    seq: 0,
    status: 'firing',
    rule: {
      id: 'port-probing',
      title: 'Port probing from the internet',
      severity: 'high',
      tags: ['attack.t1046'],
      runbook: 'https://example.com/runbook#port-probing',
      references: ['https://attack.mitre.org/techniques/T1046/'],
    },
    group: { srcaddr: '198.51.100.7', dstaddr: '10.0.0.5' },
    window: { start: '2026-11-23T10:31:00Z', end: '2026-11-23T10:36:00Z' },
    firstSeen: '2026-11-23T10:31:02Z',
    lastSeen: '2026-11-23T10:35:41Z',
    detectedAt: '2026-11-23T10:41:00Z',
    value: 120,
    threshold: 100,
    measure: 'records',
    suppressed: 0,
    message: '198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes',
    evidence: {
      records: 120,
      bytes: 4_800,
      packets: 120,
      samples: [
        {
          start: 1_795_429_862,
          action: 'REJECT',
          protocol: 6,
          srcaddr: '198.51.100.7',
          srcport: 51_515,
          dstaddr: '10.0.0.5',
          dstport: 22,
          packets: 3,
          bytes: 120,
        },
        {
          start: 1_795_429_863,
          action: 'REJECT',
          protocol: 6,
          srcaddr: '198.51.100.7',
          srcport: 51_516,
          dstaddr: '10.0.0.5',
          dstport: 3_389,
          packets: 1,
          bytes: 40,
        },
      ],
      top: {
        srcaddr: [['198.51.100.7', 120]],
        dstport: [
          ['22', 20],
          ['3389', 18],
          ['445', 12],
          ['23', 9],
        ],
      },
    },
    sources: [
      { account: '123456789012', region: 'eu-west-1', logGroup: '/vpc/flow-logs', records: 120 },
    ],
    visibility: { skipped: 0, malformed: 0, lagSeconds: 70, covered: true },
    links: {},
    context: {},
    to: ['default'],
    ...changes,
  };
}
