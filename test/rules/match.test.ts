import { describe, expect, test } from '@jest/globals';
import type { Match } from '../../src/rules/compiled.ts';
import { fieldsIn, listsIn } from '../../src/rules/match.ts';
import { compileText, matchOf, printed } from './one-rule.ts';

const port = (number: number, path: string): Match => ({
  field: 'dstport',
  test: { in: { numbers: [[number, number]] } },
  path,
});

describe('blocks', () => {
  test('One condition stands alone, several are all required', () => {
    expect(matchOf('{ dstport: 22 }')).toEqual(port(22, 'match.dstport'));
    expect(matchOf('{ dstport: 22, action: REJECT }')).toEqual({
      all: [
        port(22, 'match.dstport'),
        { field: 'action', test: { in: { strings: ['REJECT'] } }, path: 'match.action' },
      ],
    });
  });

  test('any, all and not stand beside fields, at any depth, and paths say where', () => {
    const text = `
      dstport: 22
      any:
        - { dstport: 23, not: { dstport: 24 } }
        - all: [{ dstport: 25 }, { dstport: 26 }]
      not: { any: [{ dstport: 27 }, { dstport: 28 }] }`;
    expect(matchOf(text)).toEqual({
      all: [
        port(22, 'match.dstport'),
        {
          any: [
            {
              all: [
                port(23, 'match.any[0].dstport'),
                { not: port(24, 'match.any[0].not.dstport') },
              ],
            },
            {
              all: [
                port(25, 'match.any[1].all[0].dstport'),
                port(26, 'match.any[1].all[1].dstport'),
              ],
            },
          ],
        },
        {
          not: {
            any: [port(27, 'match.not.any[0].dstport'), port(28, 'match.not.any[1].dstport')],
          },
        },
      ],
    });
  });

  test.each([
    ['{}', 'match: found an empty block (name a field)'],
    ['[{ dstport: 22 }]', expect.stringContaining('write any: [...] or all: [...] around it')],
    ['22', 'match: found 22; a block of field: condition is wanted'],
    ['{ any: [] }', 'match.any: found an empty list (any needs a block)'],
    ['{ all: [] }', 'match.all: found an empty list (all needs a block)'],
    ['{ not: {} }', 'match.not: found an empty block (name a field)'],
    ['{ not: [{ dstport: 22 }] }', expect.stringContaining('not takes one block, not a list')],
    ['{ any: { dstport: 22 } }', expect.stringContaining('match.any: found a block')],
    ['{ any: [{ dstport: 22 }, {}] }', 'match.any[1]: found an empty block (name a field)'],
    ['{ any: [22] }', 'match.any[0]: found 22; a block of field: condition is wanted'],
  ])('%s is refused', (block, message) => {
    expect(matchOf(block)).toEqual([message]);
  });

  test('Every error in a block is told, not the first alone', () => {
    expect(matchOf('{ dstport: x, srcport: y, any: [{ action: z }] }')).toHaveLength(3);
  });

  test('32 blocks in one another are the most', () => {
    const nested = (levels: number) =>
      `${'{ not: '.repeat(levels)}{ dstport: 22 }${' }'.repeat(levels)}`;
    expect(Array.isArray(matchOf(nested(32)))).toBe(false);
    expect(matchOf(nested(33))).toEqual([
      expect.stringContaining('blocks stand more than 32 deep in one another'),
    ]);
  });
});

describe('field names', () => {
  test.each([
    ['dsport', 'dstport'],
    ['dst-port', 'dstport'],
    ['srcAddr', 'srcaddr'],
    ['log_status', 'log-status'],
    ['LOG-STATUS', 'log-status'],
    ['proto', 'protocol'],
    ['source', 'srcaddr'],
    ['destination-ip', 'dstaddr'],
    ['direction', 'flow-direction'],
    ['vpc', 'vpc-id'],
    ['traffc', 'traffic'],
    ['pkt-src-addr', 'pkt-srcaddr'],
  ])('%s is taken for a slip of %s', (name, meant) => {
    expect(matchOf(`{ ${name}: 22 }`)).toEqual([
      `match.${name}: there is no field "${name}" (did you mean ${meant}?)`,
    ]);
  });

  test.each(['next-hop-account-id', 'instance-tag-3', 'constructor', 'x'])(
    '%s may be a field that AWS added since: text, with a warning',
    (name) => {
      const { compiled, problems } = compileText(`match: { ${name}: abc }`);
      expect(compiled?.match).toEqual({
        field: name,
        test: { in: { strings: ['abc'] } },
        path: `match.${name}`,
      });
      expect(printed(problems, 'warning')).toEqual([
        expect.stringContaining(`this version does not know the field "${name}"`),
      ]);
    },
  );

  test('A field that AWS added since may hold an address, but has no blocks', () => {
    expect(matchOf('{ nat-outside: 10.0.0.1 }')).toMatchObject({
      test: { in: { strings: ['10.0.0.1'] } },
    });
    expect(matchOf('{ nat-outside: 10.0.0.0/8 }')).toEqual([
      'match.nat-outside: found the address "10.0.0.0/8", but nat-outside holds text',
    ]);
  });

  test('There is no inventory yet', () => {
    expect(matchOf('{ src.kind: elb }')).toEqual([
      'match["src.kind"]: this version has no inventory, so no field "src.kind"',
    ]);
  });

  test.each(['dst.tags.Name', '"my field"', 'Any', '__proto__'])('%s is refused', (name) => {
    expect(matchOf(`{ ${name}: abc }`)).toEqual([expect.stringContaining('field')]);
  });
});

test('listsIn and fieldsIn look everywhere, negations included', () => {
  const match = matchOf(`
    srcaddr: { not: $internal }
    any: [{ dstaddr: [$private, 1.2.3.4] }, { not: { pkt-srcaddr: $bogon, vpc-id: { exists: true } } }]`) as Match;
  expect(listsIn(match)).toEqual(['bogon', 'internal', 'private']);
  expect(fieldsIn(match)).toEqual(['dstaddr', 'pkt-srcaddr', 'srcaddr', 'vpc-id']);
});
