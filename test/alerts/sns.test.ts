import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { renderSns, SNS_LIMIT, sizeOf } from '../../src/alerts/sns.ts';
import { anAlert } from './an-alert.ts';

const parsed = (message: string): { default: string; email: string; sms: string } =>
  JSON.parse(message);

describe('an alert for SNS', () => {
  test('carries its JSON once, and texts for people', () => {
    const alert = anAlert();
    const { message } = renderSns(alert);
    const { default: json, email, sms, ...others } = parsed(message);
    expect(JSON.parse(json)).toEqual(alert);
    expect(email).toMatch(/^\[HIGH\] /);
    expect(sms).toMatch(/^\[HIGH\] /);
    expect(others).toEqual({});
  });

  test('has the attributes that filter policies choose by', () => {
    expect(renderSns(anAlert()).attributes).toEqual({
      type: { type: 'String', value: 'alert' },
      rule: { type: 'String', value: 'port-probing' },
      severity: { type: 'String', value: 'high' },
      status: { type: 'String', value: 'firing' },
      stage: { type: 'String', value: 'prod' },
      account: { type: 'String', value: '123456789012' },
      tags: { type: 'String.Array', value: '["attack.t1046"]' },
    });
  });

  test('leaves out attributes that would be empty, which SNS refuses', () => {
    const { rule } = anAlert();
    const { attributes } = renderSns(anAlert({ sources: [], rule: { ...rule, tags: [] } }));
    expect(Object.keys(attributes)).toEqual(['type', 'rule', 'severity', 'status', 'stage']);
  });
});

describe('an alert that is too large', () => {
  const { evidence } = anAlert();
  const largeSample = { 'instance-tag': 'ü"\\'.repeat(10_000) };

  test('loses as many samples as it must, and says how many', () => {
    const samples = Array.from({ length: 5 }, () => largeSample);
    const rendered = renderSns(anAlert({ evidence: { ...evidence, samples } }));
    const alert = JSON.parse(parsed(rendered.message).default) as Alert;
    expect(sizeOf(rendered)).toBeLessThanOrEqual(SNS_LIMIT);
    expect(alert.evidence.samples.length).toBeGreaterThan(0);
    expect(alert.omitted).toEqual({ samples: 5 - alert.evidence.samples.length });
    expect(alert.evidence.top).toEqual(evidence.top);
    expect(parsed(rendered.message).email).toMatch(/^\+\d more samples?$/m);
  });

  test('one sample fewer than needed would not fit', () => {
    const samples = Array.from({ length: 5 }, () => largeSample);
    const alert = JSON.parse(
      parsed(renderSns(anAlert({ evidence: { ...evidence, samples } })).message).default,
    ) as Alert;
    const kept = alert.evidence.samples.length;
    const again = renderSns(
      anAlert({ evidence: { ...evidence, samples: samples.slice(0, kept) } }),
    );
    const larger = renderSns(
      anAlert({ evidence: { ...evidence, samples: samples.slice(0, kept + 1) } }),
    );
    expect((JSON.parse(parsed(again.message).default) as Alert).omitted).toBeUndefined();
    expect((JSON.parse(parsed(larger.message).default) as Alert).omitted).toEqual({ samples: 1 });
  });

  test('top values go next, then texts are shortened', () => {
    const many = Array.from({ length: 20_000 }, (_, index): [string, number] => [
      `${index}-value`,
      1,
    ]);
    const rendered = renderSns(
      anAlert({ message: 'm'.repeat(200_000), evidence: { ...evidence, top: { dstport: many } } }),
    );
    const alert = JSON.parse(parsed(rendered.message).default) as Alert;
    expect(alert.evidence.samples).toEqual([]);
    expect(alert.omitted).toMatchObject({ samples: 2 });
    expect(alert.message).toHaveLength(1_000);
    expect(sizeOf(rendered)).toBeLessThanOrEqual(SNS_LIMIT);
  });

  test('whatever its texts hold, it fits, and its JSON is whole', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 }).map((part) => part.repeat(4_000));
    fc.assert(
      fc.property(text, text, text, fc.array(text, { maxLength: 6 }), (a, b, c, list) => {
        const { rule } = anAlert();
        const rendered = renderSns(
          anAlert({
            message: a,
            rule: { ...rule, title: b, tags: list, references: list },
            group: { 'instance-tag': c },
            links: { insights: a, console: b },
            context: { src: { name: c } },
            sources: list.map((file) => ({ file, records: 1 })),
          }),
        );
        expect(sizeOf(rendered)).toBeLessThanOrEqual(SNS_LIMIT);
        expect(JSON.parse(parsed(rendered.message).default)).toMatchObject({ id: anAlert().id });
      }),
      { numRuns: 30 },
    );
  });
});
