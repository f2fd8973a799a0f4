import { describe, expect, test } from '@jest/globals';
import { formerFormats, withFormer } from '../../src/config/former-formats.ts';

const A = '${srcaddr}';
const B = '${dstaddr}';
const NOW = 1_767_225_600;

describe('formats that are gone', () => {
  test('A format that the last answer had and this one has not is gone from now on', () => {
    expect(formerFormats({ formats: { g: [A] } }, { g: [B] }, NOW)).toEqual({ g: { [A]: NOW } });
  });

  test('A group without any flow log left keeps its format as gone', () => {
    expect(formerFormats({ formats: { g: [A] } }, {}, NOW)).toEqual({ g: { [A]: NOW } });
  });

  test('A format that is still there is not gone, nor one that is new', () => {
    expect(formerFormats({ formats: { g: [A] } }, { g: [A, B] }, NOW)).toEqual({});
  });

  test('What went keeps the time at which it went', () => {
    const before = { formats: { g: [B] }, former: { g: { [A]: NOW - 300 } } };
    expect(formerFormats(before, { g: [B] }, NOW)).toEqual({ g: { [A]: NOW - 300 } });
  });

  test('It is forgotten after an hour, and not a second sooner', () => {
    const gone = (at: number) => ({ formats: {}, former: { g: { [A]: at } } });
    expect(formerFormats(gone(NOW - 3_600), {}, NOW)).toEqual({});
    expect(formerFormats(gone(NOW - 3_599), {}, NOW)).toEqual({ g: { [A]: NOW - 3_599 } });
  });

  test('One that comes back is not gone any more', () => {
    const before = { formats: { g: [B] }, former: { g: { [A]: NOW - 300 } } };
    expect(formerFormats(before, { g: [A] }, NOW)).toEqual({ g: { [B]: NOW } });
  });
});

describe('formats in force', () => {
  test('Both are candidates, each once, and groups in order', () => {
    const formats = withFormer({ z: [A], b: [A] }, { b: { [B]: NOW, [A]: NOW }, a: { [B]: NOW } });
    expect(Object.entries(formats)).toEqual([
      ['a', [B]],
      ['b', [B, A]],
      ['z', [A]],
    ]);
  });

  test('Without any that is gone they are the present ones', () => {
    expect(withFormer({ g: [A] }, {})).toEqual({ g: [A] });
  });
});
