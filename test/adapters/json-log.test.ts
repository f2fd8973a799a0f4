import { describe, expect, test } from '@jest/globals';
import { jsonLog } from '../../src/adapters/aws/json-log.ts';

function written(fields?: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const lines: string[] = [];
  jsonLog(
    (line) => lines.push(line),
    () => 0,
  )('info', 'happened', fields);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]+\n$/);
  return JSON.parse(lines[0]!);
}

describe('jsonLog', () => {
  test('an event is one line with level, event and time first', () => {
    const line = written({ shard: 3 });
    expect(Object.entries(line)).toEqual([
      ['level', 'info'],
      ['event', 'happened'],
      ['time', '1970-01-01T00:00:00.000Z'],
      ['shard', 3],
    ]);
  });

  test('an event needs no fields', () => {
    expect(Object.keys(written())).toEqual(['level', 'event', 'time']);
  });

  test('fields cannot hide level, event or time', () => {
    expect(written({ level: 'x', event: 'y', time: 'z' })).toMatchObject({
      level: 'info',
      event: 'happened',
      time: '1970-01-01T00:00:00.000Z',
    });
  });

  test('what JSON has no word for is written as text', () => {
    expect(
      written({
        big: 12n,
        nan: Number.NaN,
        infinite: Number.POSITIVE_INFINITY,
        call: () => 1,
        symbol: Symbol('s'),
        map: new Map([['a', 1]]),
        set: new Set([1, 2]),
        buffer: Buffer.from('secret'),
        array: new Uint8Array(4),
        inner: { buffer: Buffer.from('ab') },
      }),
    ).toMatchObject({
      big: '12',
      nan: 'NaN',
      infinite: 'Infinity',
      call: '[function]',
      symbol: 'Symbol(s)',
      map: { a: 1 },
      set: [1, 2],
      buffer: '[6 bytes]',
      array: '[4 bytes]',
      inner: { buffer: '[2 bytes]' },
    });
  });

  test('an error is written with its name, message and cause', () => {
    const error = new TypeError('bad', { cause: new Error('worse') });
    expect(written({ error }).error).toMatchObject({
      name: 'TypeError',
      message: 'bad',
      cause: { name: 'Error', message: 'worse' },
    });
  });

  test('a cycle or a getter that throws costs its own field and no other', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const thrower = {
      get trap(): never {
        throw new Error('sprung');
      },
    };
    const line = written({ before: 1, cycle, thrower, after: 2 });
    expect(line).toMatchObject({ before: 1, after: 2 });
    expect(line.cycle).toMatch(/^\[unprintable: /);
    expect(line.thrower).toBe('[unprintable: sprung]');
  });

  test('a getter among the fields themselves may throw', () => {
    const fields = {
      good: 1,
      get bad(): never {
        throw new Error('sprung');
      },
    };
    expect(written(fields)).toMatchObject({ good: 1, bad: '[unprintable: sprung]' });
  });

  test('line breaks in values stay within the line', () => {
    expect(written({ text: 'a\nb\r\nc\u2028d' }).text).toBe('a\nb\r\nc\u2028d');
  });
});
