import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { exampleDay } from '../../src/generator/example.ts';

const file = readFileSync(new URL('../../examples/small-vpc-day.log.gz', import.meta.url));

describe('the bundled day', () => {
  test('is what the generator makes: node src/generator/write-example.ts writes it', () => {
    // Compared unzipped: zlib's output may differ between versions of Node. One string compare, as
    // a difference of two such texts would take minutes to print.
    expect(gunzipSync(file).toString() === exampleDay()).toBe(true);
  });

  test('is a day of a hundred to two hundred thousand records in under 3 MB', () => {
    const records = exampleDay().split('\n').length - 2;
    expect(records).toBeGreaterThan(100_000);
    expect(records).toBeLessThan(200_000);
    expect(file.length).toBeLessThan(3_000_000);
  });
});
