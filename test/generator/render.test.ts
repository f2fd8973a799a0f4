import { describe, expect, test } from '@jest/globals';
import { generateDay } from '../../src/generator/day.ts';
import { renderFile, renderLine } from '../../src/generator/render.ts';
import { DEFAULT_LAYOUT, layoutOfHeader, parseLayout } from '../../src/records/layout.ts';

const record = {
  'account-id': '123456789012',
  'interface-id': 'eni-0123456789abcdef0',
  srcaddr: '198.51.100.7',
  dstaddr: '10.0.0.5',
  srcport: 51_515,
  dstport: 22,
  protocol: 6,
  packets: 3,
  bytes: 120,
  start: 1_795_429_862,
  end: 1_795_429_900,
  action: 'REJECT',
  'log-status': 'OK',
  'tcp-flags': 2,
};

describe('a line', () => {
  test('of the default format is what AWS writes', () => {
    expect(renderLine(record, DEFAULT_LAYOUT)).toBe(
      '2 123456789012 eni-0123456789abcdef0 198.51.100.7 10.0.0.5 51515 22 6 3 120 1795429862 1795429900 REJECT OK',
    );
  });

  test('follows any layout, with the highest version of its fields', () => {
    const layout = parseLayout('srcaddr tcp-flags flow-direction version');
    expect(renderLine(record, layout)).toBe('198.51.100.7 2 - 5');
  });

  test('without a flow has dashes for it', () => {
    const idle = {
      'account-id': '1',
      'interface-id': 'eni-1',
      start: 1,
      end: 2,
      'log-status': 'NODATA',
    };
    expect(renderLine(idle, DEFAULT_LAYOUT)).toBe('2 1 eni-1 - - - - - - - 1 2 - NODATA');
  });
});

describe('a file', () => {
  test('begins with a header that names its layout', () => {
    const records = generateDay({ seed: 3, hours: 1 });
    const [header, first] = renderFile(records, DEFAULT_LAYOUT);
    expect(layoutOfHeader(header)).toEqual(DEFAULT_LAYOUT);
    expect(first).toMatch(/^2 123456789012 eni-[0-9a-f]{17} .* (OK|NODATA|SKIPDATA)\n$/);
  });
});
