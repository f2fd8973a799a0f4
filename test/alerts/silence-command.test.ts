import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { meetsAlert } from '../../src/alerts/alert-match.ts';
import { silenceCommand } from '../../src/alerts/silence-command.ts';
import { anAlert } from './an-alert.ts';

/** The words that a shell makes of the command. */
function wordsOf(command: string): string[] {
  const script = 'for word in "$@"; do printf "%s\\0" "$word"; done';
  const text = execFileSync('sh', ['-c', `set -- ${command}; ${script}`], { encoding: 'utf8' });
  return text.split('\0').slice(0, -1);
}

describe('the silence command', () => {
  test('names the rule and the group, for two hours, and the alert it came from', () => {
    expect(silenceCommand(anAlert())).toBe(
      "npx flowlog-alerts silence add --stage prod --match rule=port-probing --match srcaddr=198.51.100.7 --match dstaddr=10.0.0.5 --for 2h --reason 'alert ABCDEFGHIJKLMNOPQRSTUVWXYZ'",
    );
    expect(silenceCommand(anAlert(), 'eu-west-1')).toContain(
      '--stage prod --region eu-west-1 --match',
    );
  });

  test('a rule without groups is silenced as a whole', () => {
    expect(silenceCommand(anAlert({ group: {} }))).toContain('--match rule=port-probing --for 2h');
  });

  test.each([
    ['a test', { type: 'test' }],
    ["the service's own trouble", { type: 'service' }],
    ['what is over', { status: 'resolved' }],
    ['an alarm', { context: { alarm: { state: 'ALARM' } } }],
  ] as const)('%s has none, as silences do not hide it', (_, changes) => {
    expect(silenceCommand(anAlert(changes))).toBe(undefined);
  });

  test.each([
    '/vpc/flow logs',
    "it's; reboot",
    '$(reboot)`reboot`',
    'a\nb\\',
    'x'.repeat(500),
    '-n',
    '*',
  ])('a shell takes %j for one word, which still matches it', (value) => {
    const alert = anAlert({ group: { 'some-field': value } });
    const words = wordsOf(silenceCommand(alert) as string);
    const match = words[words.lastIndexOf('--match') + 1];
    expect(match).toMatch(/^some-field=/);
    expect(words.slice(-4)).toEqual(['--for', '2h', '--reason', `alert ${alert.id}`]);
    expect(meetsAlert({ 'some-field': [match.slice('some-field='.length)] }, alert)).toBe(true);
  });

  test('a group too long to be pasted has none', () => {
    const group = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [`f${n}`, 'x'.repeat(100)]),
    );
    expect(silenceCommand(anAlert({ group }))).toBe(undefined);
  });
});
