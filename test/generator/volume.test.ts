import { describe, expect, test } from '@jest/globals';
import { generateLines, generateText } from '../../src/generator/volume.ts';

const lines = [...generateLines(20_000, 5)];

describe('lines by the million', () => {
  test('are records of the default format', () => {
    const record =
      /^2 \d{12} eni-[0-9a-f]{17}( \d+\.\d+\.\d+\.\d+){2}( \d{1,5}){2} (6|17) \d+ \d+ \d{10} \d{10} (ACCEPT|REJECT) OK$/;
    expect(lines.filter((line) => !record.test(line))).toEqual([]);
  });

  test('are the same for the same seed, whatever the count, and others for another', () => {
    expect([...generateLines(100, 5)]).toEqual(lines.slice(0, 100));
    expect([...generateLines(100, 6)]).not.toEqual(lines.slice(0, 100));
  });

  test('one in ten is rejected', () => {
    const rejected = lines.filter((line) => line.endsWith('REJECT OK')).length;
    expect(rejected / lines.length).toBeGreaterThan(0.09);
    expect(rejected / lines.length).toBeLessThan(0.11);
  });

  test('are in order of start', () => {
    const starts = lines.map((line) => Number(line.split(' ')[10]));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  test('as text are the same lines', () => {
    expect(Buffer.from(generateText(20_000, 5)).toString()).toBe(`${lines.join('\n')}\n`);
  });
});
