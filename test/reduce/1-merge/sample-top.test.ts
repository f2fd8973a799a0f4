import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TALKERS } from '../../../src/log/digest.ts';
import { DEFAULT_FORMAT } from '../../../src/records/layout.ts';
import { recordOfLine } from '../../../src/records/record-map.ts';
import { talkersOf } from '../../../src/reduce/1-merge/sample-top.ts';

describe('the talkers of a sample', () => {
  test('are what the whole record says of them, however the line is written', () => {
    const token = fc.constantFrom('-', '10.0.0.1', '2001:DB8:0::1', '22', '443', 'é', 'no-address');
    const blank = fc.constantFrom(' ', '  ', '\t', '\u0001 ');
    const format = fc.constantFrom(
      DEFAULT_FORMAT,
      '${dstport} ${srcaddr}',
      '${version} ${dstaddr} ${start}',
      '${start}',
    );
    fc.assert(
      fc.property(
        format,
        fc.array(fc.tuple(token, blank), { maxLength: 16 }),
        fc.constantFrom('', ' '),
        (layout, tokens, before) => {
          const line = before + tokens.flat().join('');
          const record = recordOfLine(layout, line);
          const expected = TALKERS.map((field) => record[field]);
          expect(talkersOf({ format: layout, line })).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
