import { expect, test } from '@jest/globals';
import { TemplateError, templateParts } from '../../src/rules/template.ts';

test.each([
  ['', []],
  ['plain', ['plain']],
  ['{a}', [{ name: 'a' }]],
  ['x {a}{ b }: y', ['x ', { name: 'a' }, { name: 'b' }, ': y']],
  ['}{a}}', ['}', { name: 'a' }, '}']],
])('%j has the parts %j', (message, parts) => {
  expect(templateParts(message)).toEqual(parts);
});

test.each(['{', 'a {b', '{}', '{ }', '{a{b}'])('%j is refused', (message) => {
  expect(() => templateParts(message)).toThrow(TemplateError);
});
