import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newCounts, Parser } from '../../../src/map/2-parse/parse.ts';
import { Enricher } from '../../../src/map/3-enrich/enrich.ts';
import { predicateOf } from '../../../src/map/4-match/evaluate.ts';
import { answersTo } from '../../../src/map/4-match/reversed.ts';
import { DERIVED_FIELDS } from '../../../src/records/fields.ts';
import type { Match } from '../../../src/rules/compiled.ts';
import { ALWAYS, inputOf, leaf, PRIVATE, port } from '../inputs.ts';
import { lineOf, type World, worldOf } from './worlds.ts';

const NOT_REJECTED: Match = {
  not: { field: 'action', test: { in: { strings: ['REJECT'] } }, path: 'action' },
};
const from = (field: string): Match => leaf(field, { in: { cidrs: ['10.0.0.0/8'] } });
/** The condition with its field swapped; its path still says where it stands in the document. */
const swapped = (match: Match, field: string): Match => ({ ...match, field }) as Match;
const unknown = leaf('traffic', { in: { strings: ['outbound'] } });

/** What is left of a match beside the action. */
function reduced(match: Match): Match {
  const answer = answersTo(match);
  if (!('all' in answer)) throw new Error('not all-of');
  expect(answer.all[0]).toEqual(NOT_REJECTED);
  return answer.all[1];
}

describe('the match of answers', () => {
  test('has source and destination swapped', () => {
    expect(reduced(from('srcaddr'))).toEqual(swapped(from('srcaddr'), 'dstaddr'));
    expect(reduced(from('dstaddr'))).toEqual(swapped(from('dstaddr'), 'srcaddr'));
    expect(reduced(port(443))).toEqual(swapped(port(443), 'srcport'));
    const protocol = leaf('protocol', { in: { numbers: [[6, 6]] } });
    expect(reduced(protocol)).toEqual(protocol);
  });

  test('says nothing of what the five-tuple does not tell', () => {
    for (const field of ['pkt-srcaddr', 'bytes', 'leg', 'action', 'traffic']) {
      expect(reduced(leaf(field, { exists: true }))).toEqual(ALWAYS);
      expect(reduced({ not: leaf(field, { exists: true }) })).toEqual(ALWAYS);
    }
  });

  test('leaves unknown conditions out of all, and gives up an any that has one', () => {
    const known = swapped(port(443), 'srcport');
    expect(reduced({ all: [unknown, port(443)] })).toEqual({ all: [known] });
    expect(reduced({ any: [unknown, port(443)] })).toEqual(ALWAYS);
    expect(reduced({ any: [port(443), port(443)] })).toEqual({ any: [known, known] });
  });

  test('does the same under not, where all and any change places', () => {
    const known = { not: swapped(port(443), 'srcport') };
    expect(reduced({ not: { any: [unknown, port(443)] } })).toEqual({ all: [known] });
    expect(reduced({ not: { all: [unknown, port(443)] } })).toEqual(ALWAYS);
    expect(reduced({ not: { all: [port(443), port(443)] } })).toEqual({ any: [known, known] });
    expect(reduced({ not: { not: port(443) } })).toEqual(swapped(port(443), 'srcport'));
  });

  const FORMAT =
    'srcaddr dstaddr srcport dstport pkt-srcaddr protocol tcp-flags bytes action flow-direction ' +
    'instance-tag quantum-state start end';
  const OTHER_SIDE = {
    srcaddr: 'dstaddr',
    dstaddr: 'srcaddr',
    srcport: 'dstport',
    dstport: 'srcport',
    protocol: 'protocol',
  } as const;
  const parser = new Parser();
  const enricher = new Enricher(PRIVATE.cidrs, new Set(DERIVED_FIELDS.map(({ name }) => name)));

  function meets(match: Match, text: string, { snapshot }: World): boolean {
    const input = inputOf([text], { formats: [FORMAT], times: [106] });
    const batch = parser.parse(input, 0, 1, newCounts());
    enricher.enrich(batch);
    return batch.count === 1 && predicateOf(match, snapshot.lists)(batch, 0);
  }

  test('is met by the accepted reverse of any record that meets the rule', () => {
    let answered = 0;
    let others = 0;
    fc.assert(
      fc.property(worldOf(1), (world) => {
        const [{ match }] = world.snapshot.rules;
        const answers = answersTo(match);
        const forth = world.records[0];
        // With bytes it is a flow, whatever else it lacks.
        const other = { bytes: 1, ...world.records.at(-1), action: 'ACCEPT' };
        const back: Record<string, string | number> = other;
        for (const [field, opposite] of Object.entries(OTHER_SIDE)) {
          if (forth[opposite] === undefined) delete back[field];
          else back[field] = forth[opposite];
        }
        const text = lineOf(back, FORMAT);
        const answer = meets(answers, text, world);
        if (meets(match, lineOf(forth, FORMAT), world)) {
          expect(answer).toBe(true);
          answered++;
        } else if (!answer) others++;
        expect(meets(answers, lineOf({ ...back, action: 'REJECT' }, FORMAT), world)).toBe(false);
        // A format without action, as that of transit gateways.
        const { action: _, ...silent } = back;
        expect(meets(answers, lineOf(silent, FORMAT), world)).toBe(answer);
      }),
      { numRuns: 1_500 },
    );
    expect(Math.min(answered, others)).toBeGreaterThan(100);
  }, 60_000);
});
