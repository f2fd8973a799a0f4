import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { CommandError } from '../../src/cli/exit.ts';
import { type SilenceWish, silenceDocument } from '../../src/cli/silence-document.ts';
import { compileSilence } from '../../src/config/silences.ts';

const NOW = Date.UTC(2026, 10, 23, 12) / 1000;
const written = (wish: SilenceWish) => silenceDocument({ match: ['rule=ssh'], ...wish }, NOW);
const compiled = (wish: SilenceWish) => {
  const { id, text } = written(wish);
  return compileSilence({ path: `silences/${id}`, text, origin: '' });
};

describe('the document of silence add', () => {
  test('is what was asked for, and one that the schema takes', () => {
    const match = ['rule=ssh-*', 'dstport=22,23', 'srcaddr=10.0.0.0/8', 'srcaddr=2001:db8::1'];
    const wish = { match, for: 7_200, reason: 'it is: "me"', id: 'mine' };
    expect(parse(written(wish).text)).toEqual({
      match: {
        rule: 'ssh-*',
        dstport: ['22', '23'],
        srcaddr: ['10.0.0.0/8', '2001:db8::1'],
      },
      from: '2026-11-23T11:00:00Z',
      until: '2026-11-23T14:00:00Z',
      reason: 'it is: "me"',
    });
    expect(compiled(wish)).toMatchObject({ silence: { id: 'mine' }, problems: [] });
  });

  test('begins an hour back, for records on their way, unless it is told when', () => {
    expect(written({ for: 60 })).toMatchObject({ from: NOW - 3_600, until: NOW + 60 });
    expect(written({ from: NOW + 600, for: 60 })).toMatchObject({
      from: NOW + 600,
      until: NOW + 660,
    });
  });

  test('keeps texts that look like numbers as they are', () => {
    const { silence } = compiled({ match: ['account=000123456789'], for: 60 });
    expect(silence?.match).toEqual({ account: ['000123456789'] });
  });

  test.each([
    [['rule=ssh-from-internet'], 'ssh-from-internet-20261123-1200'],
    [['severity=low', 'rule=*'], 'silence-20261123-1200'],
    [['srcaddr=10.0.0.0/8'], '10-0-0-0-8-20261123-1200'],
    [[`rule=${'x'.repeat(63)}`], `${'x'.repeat(48)}-20261123-1200`],
  ])('has a name made from %j', (match, id) => {
    expect(written({ match, for: 60 }).id).toBe(id);
  });

  test.each([
    [{ for: 60, match: [] }, 'Give at least one --match'],
    [{ for: 60, match: ['ssh'] }, '--match ssh is not of the form field=value'],
    [{ for: 60, match: ['=ssh'] }, 'is not of the form'],
    [{ for: 60, match: ['rule='] }, 'is not of the form'],
    [{}, 'Give --for or --until'],
    [{ for: 60, until: NOW + 60 }, 'Give --for or --until'],
    [{ until: NOW }, '2026-11-23T12:00:00Z is past'],
    [{ from: NOW + 60, until: NOW + 60 }, 'is not after --from'],
  ])('%j is refused', (wish, message) => {
    expect(() => written(wish)).toThrow(CommandError);
    expect(() => written(wish)).toThrow(message);
  });
});
