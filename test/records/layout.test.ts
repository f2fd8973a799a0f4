import { describe, expect, test } from '@jest/globals';
import {
  DEFAULT_FORMAT,
  DEFAULT_LAYOUT,
  LayoutError,
  layoutOfHeader,
  parseLayout,
} from '../../src/records/layout.ts';

const names = (format: string): string[] => parseLayout(format).fields.map(({ name }) => name);

describe('a layout', () => {
  test('a LogFormat and a header line name the same fields in the same order', () => {
    const format = '${dstport} ${srcaddr} ${log-status}';
    expect(names(format)).toEqual(['dstport', 'srcaddr', 'log-status']);
    expect(parseLayout(format)).toEqual(parseLayout('dstport srcaddr log-status'));
    expect(parseLayout('  dstport \t srcaddr,log-status \n').format).toBe(format);
  });

  test('its format reads back as the same layout', () => {
    const layout = parseLayout('start end brand-new-field pkt-srcaddr');
    expect(parseLayout(layout.format)).toEqual(layout);
  });

  test('underscores of column names are hyphens', () => {
    expect(names('account_id pkt_srcaddr')).toEqual(['account-id', 'pkt-srcaddr']);
  });

  test('the default is the fourteen fields of version 2', () => {
    expect(DEFAULT_LAYOUT.format).toBe(DEFAULT_FORMAT);
    expect(DEFAULT_LAYOUT.fields).toHaveLength(14);
    expect(DEFAULT_LAYOUT.fields.every(({ version }) => version === 2)).toBe(true);
  });

  test('a field that nobody knows yet is text', () => {
    const [known, unknown] = parseLayout('srcaddr quantum-state').fields;
    expect([known.type, unknown.type]).toEqual(['address', 'string']);
  });

  test('a logged field of the name of a derived one is text under a name of its own', () => {
    const [field] = parseLayout('duration srcaddr').fields;
    expect([field.name, field.type]).toEqual(['logged-duration', 'string']);
    expect(parseLayout(parseLayout('duration srcaddr').format)).toEqual(
      parseLayout('duration srcaddr'),
    );
  });

  test.each([
    ['nothing', '  ', 'names no field'],
    ['a field twice', 'srcaddr dstaddr srcaddr', 'the field srcaddr stands twice'],
    ['a field twice in two spellings', 'account_id account-id', 'account-id stands twice'],
    ['an upper-case name', 'SrcAddr', '"SrcAddr" is not a field'],
    ['an unclosed name', '${srcaddr ${dstaddr}', '"${srcaddr" is not a field'],
    ['a value', '10.0.0.1', '"10.0.0.1" is not a field'],
  ])('refuses %s', (_, format, message) => {
    expect(() => parseLayout(format)).toThrow(LayoutError);
    expect(() => parseLayout(format)).toThrow(message);
  });
});

describe('a header line', () => {
  test('is one when every token is a field name and some are known', () => {
    expect(layoutOfHeader('version account-id new-thing')?.fields).toHaveLength(3);
    expect(layoutOfHeader(' account-id bytes \r')?.fields).toHaveLength(2);
  });

  test.each([
    ['a record', '2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 2 ACCEPT OK'],
    ['names of which none is known', 'hello world'],
    ['names that this product derives', 'traffic leg'],
    ['a known name among values', 'version 3 srcaddr'],
    ['a known name twice', 'srcaddr srcaddr'],
    ['an empty line', ''],
  ])('is not %s', (_, line) => {
    expect(layoutOfHeader(line)).toBeUndefined();
  });
});
