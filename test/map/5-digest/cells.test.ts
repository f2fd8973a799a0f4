import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newCounts, Parser } from '../../../src/map/2-parse/parse.ts';
import { cellsEqual, hashCell, isAbsent } from '../../../src/map/5-digest/cells.ts';
import { inputOf } from '../inputs.ts';

const FIELDS = ['srcaddr', 'bytes', 'action', 'instance-tag'] as const;
const values = fc.tuple(
  fc.constantFrom('-', '0.0.0.0', '0.0.0.1', '::', '::1', '1::', '::ffff:0.0.0.1'),
  fc.constantFrom('-', '0', '1', '4294967296', '4294967297', '9007199254740991'),
  fc.constantFrom('-', 'ACCEPT', 'REJECT'),
  fc.constantFrom('-', 'a', 'ab', 'b', 'é'),
);
const parser = new Parser();

describe('two cells of a column', () => {
  test('are equal where their values are, and then hash alike; absent ones are equal as well', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 2, maxLength: 12 }), (rows) => {
        const lines = rows.map((row) => `${row.join(' ')} 6 1`);
        const input = inputOf(lines, { formats: [`${FIELDS.join(' ')} protocol start`] });
        const batch = parser.parse(input, 0, lines.length, newCounts());
        for (const [i, field] of FIELDS.entries()) {
          const column = batch.column(field);
          for (let a = 0; a < rows.length; a++) {
            expect(isAbsent(column, a)).toBe(rows[a][i] === '-');
            for (let b = 0; b < rows.length; b++) {
              const equal = cellsEqual(column, batch.bytes, a, b);
              expect(equal).toBe(rows[a][i] === rows[b][i]);
              const [left, right] = [a, b].map((row) => hashCell(column, batch.bytes, row, 7));
              // An absent cell may meet another's hash: the top values leave it out.
              if (equal || !(isAbsent(column, a) || isAbsent(column, b)))
                expect(left === right).toBe(equal);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('of a column that is not there are absent and equal', () => {
    const bytes = new Uint8Array(0);
    expect([isAbsent(undefined, 0), cellsEqual(undefined, bytes, 0, 1)]).toEqual([true, true]);
    expect(hashCell(undefined, bytes, 0, 7)).toBe(hashCell(undefined, bytes, 1, 7));
  });
});
