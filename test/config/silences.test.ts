import { describe, expect, test } from '@jest/globals';
import { compiled, lines, onPort } from './trees.ts';

const RULES = {
  'rules/ssh': onPort(22, 'tags: [remote]\nby: [srcaddr, dstaddr]'),
  'rules/rdp': onPort(3389, 'tags: [remote]\nseverity: critical'),
  'rules/off': onPort(1, 'enabled: false\ntags: [sleeping]'),
};
const UNTIL = 'until: 2026-12-31T18:00:00Z';
const silenced = (text: string) => compiled({ ...RULES, 'silences/s': text });
const silenceOf = (text: string) => silenced(text).snapshot.silences?.[0];
const problemsOf = (text: string, severity: 'error' | 'warning' = 'error') =>
  lines(
    silenced(text).problems.filter(({ origin }) => origin === '/t/silences/s'),
    severity,
  );

describe('silences', () => {
  test('Every key arrives in the normal form', () => {
    const text = `match: { rule: ssh, severity: [medium, high], srcaddr: 10.0.0.0/8 }
from: 2026-12-01
until: 2026-12-31T18:00:00+01:00
during: { days: [sat, sun], from: 22:00, to: 06:00, zone: Europe/Zurich }
reason: moving house`;
    expect(problemsOf(text)).toEqual([]);
    expect(silenceOf(text)).toEqual({
      id: 's',
      match: { rule: ['ssh'], severity: ['medium', 'high'], srcaddr: ['10.0.0.0/8'] },
      from: Date.UTC(2026, 11, 1) / 1000,
      until: Date.UTC(2026, 11, 31, 17) / 1000,
      during: { days: [0, 6], from: 1_320, to: 360, zone: 'Europe/Zurich' },
      reason: 'moving house',
    });
  });

  test('Without one the snapshot has none', () => {
    expect(compiled(RULES).snapshot).not.toHaveProperty('silences');
  });

  test.each([
    ['{ dstport: 22 }', { dstport: ['22'] }],
    ['{ dstport: 22-24 }', { dstport: ['22', '23', '24'] }],
    ['{ protocol: tcp }', { protocol: ['6'] }],
    ['{ account: 000123456789 }', { account: ['000123456789'] }],
    ['{ srcaddr: 198.51.100.7 }', { srcaddr: ['198.51.100.7/32'] }],
    ['{ srcaddr: 2001:DB8::1 }', { srcaddr: ['2001:db8::1/128'] }],
    ['{ rule: "ssh-*", logGroup: "/vpc/*" }', { rule: ['ssh-*'], logGroup: ['/vpc/*'] }],
    ['{ rule: [ssh, ssh] }', { rule: ['ssh'] }],
    ['{ bucket: logs, file: "*.gz" }', { bucket: ['logs'], file: ['*.gz'] }],
    ['{ status: firing }', { status: ['firing'] }],
  ])('match: %s is %j', (match, normal) => {
    expect(silenceOf(`match: ${match}\n${UNTIL}`)?.match).toEqual(normal);
  });

  test.each([
    [UNTIL, '/t/silences/s:1 s match: is missing; wanted: a block of alert fields'],
    [`match: {}\n${UNTIL}`, 'found an empty block, which every alert meets'],
    [`match: x\n${UNTIL}`, 'found "x"; wanted: a block of alert fields'],
    [`match: { rules: ssh }\n${UNTIL}`, 'match.rules: an alert has no field "rules"'],
    [`match: { rules: ssh }\n${UNTIL}`, '(did you mean rule?)'],
    [`match: { source-ip: 10.0.0.1 }\n${UNTIL}`, '(did you mean srcaddr?)'],
    [`match: { severity: hihg }\n${UNTIL}`, '(did you mean high?)'],
    [`match: { srcaddr: 10.0.0.1/8 }\n${UNTIL}`, 'has host bits set (write 10.0.0.0/8'],
    [`match: { srcaddr: here }\n${UNTIL}`, 'srcaddr takes an address or a CIDR block'],
    [`match: { srcaddr: $internal }\n${UNTIL}`, 'lists are for records'],
    [`match: { dstport: 70000 }\n${UNTIL}`, 'is outside dstport'],
    [`match: { dstport: 1-2000 }\n${UNTIL}`, 'at most 256 values are taken here'],
    [`match: { rule: [] }\n${UNTIL}`, 'found an empty list'],
    [`match: { rule: { not: x } }\n${UNTIL}`, 'wanted: a value or a list of values'],
    [`match: { type: service }\n${UNTIL}`, 'only alerts of type alert are ever silenced'],
    [`match: { status: resolved }\n${UNTIL}`, 'an end is always told where its beginning was'],
    ['match: { rule: ssh }', '/t/silences/s:1 s until: is missing; wanted: when the silence ends'],
    ['match: { rule: ssh }\nuntil: 2026-13-31', '"2026-13-31" is no day or time there is'],
    ['match: { rule: ssh }\nuntil: tomorrow', 'found "tomorrow"; wanted: a day like'],
    ['match: { rule: ssh }\nfrom: 2026-12-31\nuntil: 2026-12-31', 'is not after from'],
    ['match: { rule: ssh }\nduring: { days: sunday }', 'wanted: one or a list of sun, mon'],
    ['match: { rule: ssh }\nduring: { from: 25:00 }', 'wanted: a time of day from 00:00 to 24:00'],
    ['match: { rule: ssh }\nduring: { zone: Europe/Zuerich }', 'there is no time zone'],
    [`match: { rule: ssh }\n${UNTIL}\nresaon: x`, '(did you mean reason?)'],
    [`match: { rule: ssh }\n${UNTIL}\n---\nmatch: { rule: rdp }`, 'a second document in one text'],
    ['match: [', 'not valid YAML'],
  ])('%j is refused, and not in force', (text, message) => {
    expect(problemsOf(text).join('\n')).toContain(message);
    expect(silenceOf(text)).toBeUndefined();
  });

  test.each([
    ['{ days: weekdays }', { days: [1, 2, 3, 4, 5], from: 0, to: 0, zone: 'UTC' }],
    ['{ days: [weekends, mon] }', { days: [0, 1, 6], from: 0, to: 0, zone: 'UTC' }],
    ['{ from: 02:30 }', { days: [0, 1, 2, 3, 4, 5, 6], from: 150, to: 0, zone: 'UTC' }],
    ['{ from: 02:00, to: 24:00 }', { days: [0, 1, 2, 3, 4, 5, 6], from: 120, to: 0, zone: 'UTC' }],
    ['{ to: 4:00 }', { days: [0, 1, 2, 3, 4, 5, 6], from: 0, to: 240, zone: 'UTC' }],
  ])('during: %s is %j, and needs no end', (during, hours) => {
    const silence = silenceOf(`match: { rule: ssh }\nduring: ${during}`);
    expect(silence?.during).toEqual(hours);
    expect(silence).not.toHaveProperty('until');
  });

  test.each([
    ['{ rule: shs }', ['match.rule: no rule has the id "shs" (did you mean ssh?)']],
    ['{ rule: off }', []],
    ['{ rule: "nobody-*" }', []],
    ['{ tag: remot }', ['match.tag: no rule has the tag "remot" (did you mean remote?)']],
    ['{ tag: [remote, sleeping] }', []],
    ['{ rule: ssh, dstaddr: 10.0.0.5 }', []],
    ['{ tag: remote, dstaddr: 10.0.0.5 }', []],
    [
      '{ rule: rdp, dstaddr: 10.0.0.5 }',
      [
        'match.dstaddr: no rule that it names groups by dstaddr, so it holds nothing back (what counts is the group of an alert)',
      ],
    ],
    [
      '{ severity: critical, srcaddr: 10.0.0.5 }',
      [
        'match.srcaddr: no rule that it names groups by srcaddr, so it holds nothing back (what counts is the group of an alert)',
      ],
    ],
  ])('match: %s warns of %j and is in force', (match, warnings) => {
    const text = `match: ${match}\n${UNTIL}`;
    expect(problemsOf(text, 'warning')).toEqual(warnings.map((one) => `/t/silences/s:1 s ${one}`));
    expect(silenceOf(text)).toBeDefined();
  });

  test('A bad one falls back on its last good version, and disables no other', () => {
    const before = silenced(`match: { rule: ssh }\n${UNTIL}`);
    const texts = {
      'silences/s': 'match: { rule: ssh }',
      'silences/t': `match: { rule: rdp }\n${UNTIL}`,
    };
    const after = compiled({ ...RULES, ...texts }, { previous: before.good });
    expect(after.snapshot.silences?.map(({ id, until }) => [id, until])).toEqual([
      ['s', Date.UTC(2026, 11, 31, 18) / 1000],
      ['t', Date.UTC(2026, 11, 31, 18) / 1000],
    ]);
    expect(compiled({ ...RULES, ...texts }).snapshot.silences?.map(({ id }) => id)).toEqual(['t']);
  });
});
