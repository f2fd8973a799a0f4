import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderSubject } from '../../src/alerts/subject.ts';
import { anAlert } from './an-alert.ts';

describe('a subject', () => {
  test('is severity, title and group', () => {
    expect(renderSubject(anAlert())).toBe(
      '[HIGH] Port probing from the internet: 198.51.100.7 -> 10.0.0.5',
    );
  });

  test('has no colon without a group', () => {
    expect(renderSubject(anAlert({ group: {} }))).toBe('[HIGH] Port probing from the internet');
  });

  test('says resolved, test and service instead of a severity', () => {
    expect(renderSubject(anAlert({ status: 'resolved' }))).toMatch(/^\[RESOLVED\] /);
    expect(renderSubject(anAlert({ type: 'test' }))).toMatch(/^\[TEST\] /);
    expect(renderSubject(anAlert({ type: 'service' }))).toMatch(/^\[SERVICE\] /);
  });

  test('an empty title leaves the rule’s id', () => {
    const { rule } = anAlert();
    expect(renderSubject(anAlert({ rule: { ...rule, title: '' }, group: {} }))).toBe(
      '[HIGH] port-probing',
    );
  });

  test('is ASCII under 100 characters that begins with a bracket, whatever title and group hold', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(text, fc.dictionary(text, text, { maxKeys: 4 }), (title, group) => {
        const { rule } = anAlert();
        const subject = renderSubject(anAlert({ rule: { ...rule, title }, group }));
        expect(subject).toMatch(/^\[HIGH\][\x20-\x7e]{0,93}$/);
        expect(subject).toBe(subject.trim());
      }),
    );
  });
});
