import { describe, expect, test } from '@jest/globals';
import type { Channel } from '../../../src/deliver/channel.ts';
import { render } from '../../../src/deliver/channels/render.ts';
import { anAlert } from '../../alerts/an-alert.ts';
import { aFullAlert, anOver, CHANNELS, CONTEXT, sent } from './contexts.ts';
import { schemaCheck } from './schemas.ts';

const wrong = schemaCheck('ocsf-detection-finding-1.8.0.json');

function finding(alert = aFullAlert()): Record<string, unknown> {
  const found = sent(alert, CHANNELS.ocsf);
  expect(wrong(found)).toEqual([]);
  return found;
}

describe('an OCSF detection finding', () => {
  test('says what was found, by which rule, under the key of the alert', () => {
    expect(finding()).toMatchObject({
      class_uid: 2004,
      type_uid: 200401,
      severity_id: 4,
      is_alert: true,
      time: Date.parse('2026-11-23T10:41:00Z'),
      count: 120,
      finding_info: {
        uid: '123456789012/eu-west-1/prod/ABCDEFGHIJKLMNOPQRSTUVWXYZ',
        title: 'Port probing from the internet',
        analytic: { type_id: 1, uid: 'port-probing' },
        first_seen_time: Date.parse('2026-11-23T10:31:02Z'),
      },
      cloud: { provider: 'AWS', region: 'eu-west-1', account: { uid: '123456789012' } },
      metadata: { version: '1.8.0', uid: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ-0', sequence: 0 },
    });
  });

  test('is created, updated and closed under one uid', () => {
    const steps = [aFullAlert(), aFullAlert({ status: 'updated', seq: 1 }), anOver()].map(finding);
    expect(steps.map(({ activity_id }) => activity_id)).toEqual([1, 2, 3]);
    expect(steps.map(({ type_uid }) => type_uid)).toEqual([200401, 200402, 200403]);
    expect(steps.map(({ status }) => status)).toEqual(['New', 'New', 'Resolved']);
    const uids = steps.map(({ finding_info }) => (finding_info as { uid: string }).uid);
    expect(new Set(uids).size).toBe(1);
    expect(steps[2].is_alert).toBe(false);
  });

  test('every sample is an evidence with both ends, and their addresses are observables', () => {
    const { evidences, observables } = finding();
    expect(evidences).toHaveLength(2);
    expect((evidences as unknown[])[0]).toMatchObject({
      src_endpoint: { ip: '198.51.100.7', port: 51_515 },
      dst_endpoint: { ip: '10.0.0.5', port: 22, svc_name: 'ssh' },
      connection_info: { direction_id: 0, protocol_num: 6, protocol_name: 'tcp' },
      data: { action: 'REJECT' },
    });
    expect(observables).toEqual([
      {
        type_id: 2,
        type: 'IP Address',
        name: 'evidences[].src_endpoint.ip',
        value: '198.51.100.7',
      },
      { type_id: 2, type: 'IP Address', name: 'evidences[].dst_endpoint.ip', value: '10.0.0.5' },
    ]);
  });

  test.each([
    [{ traffic: 'inbound' }, 1],
    [{ traffic: 'outbound' }, 2],
    [{ traffic: 'internal' }, 3],
    [{ 'flow-direction': 'egress' }, 2],
    [{ traffic: 'external' }, 0],
  ])('the direction of %j is %i', (fields, id) => {
    const { evidence } = anAlert();
    const samples = [{ ...evidence.samples[0], ...fields }];
    const { evidences } = finding(anAlert({ evidence: { ...evidence, samples } }));
    expect(evidences).toMatchObject([{ connection_info: { direction_id: id } }]);
  });

  test('an alert without samples has the ends of its group, one without addresses has none', () => {
    const { evidence } = anAlert();
    const none = { ...evidence, samples: [] };
    expect(finding(anAlert({ evidence: none })).evidences).toMatchObject([
      { src_endpoint: { ip: '198.51.100.7' }, dst_endpoint: { ip: '10.0.0.5' } },
    ]);
    const other = finding(
      anAlert({ evidence: none, group: { srcaddr: 'not an address', dstport: 22 } }),
    );
    expect(other).not.toHaveProperty('evidences');
    expect(other).not.toHaveProperty('observables');
  });

  test('attacks come from the tags, other tags are types alone', () => {
    const rule = { ...anAlert().rule, tags: ['attack.t1021.004', 'attack.t9999', 'mine'] };
    expect(finding(anAlert({ rule })).finding_info).toMatchObject({
      attacks: [
        {
          technique: { uid: 'T1021', name: 'Remote Services' },
          sub_technique: { uid: 'T1021.004', name: 'SSH' },
          tactic: { uid: 'TA0008', name: 'Lateral Movement' },
        },
        { technique: { uid: 'T9999' } },
      ],
      types: ['attack.t1021.004', 'attack.t9999', 'mine'],
    });
  });

  test('instances and interfaces of the records are its resources', () => {
    const { evidence } = anAlert();
    const samples = [{ ...evidence.samples[0], 'interface-id': 'eni-0abc' }];
    expect(finding(anAlert({ evidence: { ...evidence, samples } })).resources).toEqual([
      { type: 'AWS::EC2::NetworkInterface', uid: 'eni-0abc' },
    ]);
    expect(finding()).not.toHaveProperty('resources');
  });

  test('is the whole message of a topic, with attributes to filter by', () => {
    const channel: Channel = { type: 'ocsf', topic: 'arn:aws:sns:eu-west-1:123456789012:lake' };
    const outgoing = render(aFullAlert(), channel, CONTEXT);
    expect(outgoing).toMatchObject({
      via: 'sns',
      topic: channel.topic,
      attributes: { class_uid: '2004', severity: 'high', status: 'firing' },
    });
    expect(wrong(sent(aFullAlert(), channel))).toEqual([]);
  });

  test('a test is no alert', () => {
    expect(finding(aFullAlert({ type: 'test' }))).toMatchObject({
      is_alert: false,
      metadata: { labels: ['stage:prod', 'type:test'] },
    });
  });
});
