import { describe, expect, test } from '@jest/globals';
import { endpointName } from '../../src/alerts/endpoint-name.ts';
import { factLines } from '../../src/alerts/facts.ts';
import { anAlert } from './an-alert.ts';

describe('the facts of an alert', () => {
  test('name who is behind the addresses, where it is known', () => {
    const context = {
      src: { kind: 'nat-gateway', 'interface-id': 'eni-0abc' },
      dst: { name: 'web-1', kind: 'instance', 'instance-id': 'i-0abc', 'vpc-id': 'vpc-1' },
    };
    expect(factLines(anAlert({ context }))).toEqual(
      expect.arrayContaining(['From: nat-gateway eni-0abc', 'To: web-1 (instance i-0abc, vpc-1)']),
    );
    expect(factLines(anAlert()).join()).not.toMatch(/From:|To:/);
  });

  test.each([[null], ['web-1'], [{}], [{ name: { first: 'x' } }], [[]]])(
    'a context of %j names nobody',
    (dst) => {
      expect(endpointName(anAlert({ context: { dst } }), 'dst')).toBe('');
    },
  );

  test('a name with line breaks stays on its line', () => {
    const [line] = factLines(anAlert({ context: { dst: { name: 'a\nb' } } })).filter((text) =>
      text.startsWith('To'),
    );
    expect(line).toBe('To: a?b');
  });

  test('show the course over time after the top values', () => {
    const { evidence } = anAlert();
    const series = { start: '2026-11-23T10:31:00Z', slot: 60, values: [4, 12, 64, 30, 10] };
    expect(factLines(anAlert({ evidence: { ...evidence, series } })).at(-1)).toBe(
      'Over time: ▂▂█▄▂ up to 64 records a minute',
    );
  });

  test('tell no value where nothing was counted', () => {
    expect(factLines(anAlert({ value: 0, threshold: 0 })).join()).not.toContain('Value');
    expect(factLines(anAlert({ value: 0, threshold: 5 })).join()).toContain('Value');
  });

  test('of a summary do not say again what its message says', () => {
    expect(factLines(anAlert({ suppressed: 3 })).join()).toContain('3 earlier firings kept silent');
    expect(factLines(anAlert({ suppressed: 3, type: 'summary' })).join()).not.toContain('kept');
  });
});
