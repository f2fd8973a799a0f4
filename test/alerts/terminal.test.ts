import { describe, expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { PLAIN, renderTerminal } from '../../src/alerts/terminal.ts';
import { anAlert } from './an-alert.ts';

describe('an alert at a terminal', () => {
  test('reads without colour', () => {
    expect(renderTerminal(anAlert(), PLAIN)).toBe(
      [
        'HIGH     198.51.100.7 probed 10.0.0.5: 120 rejected records in 5 minutes',
        '         port-probing: Port probing from the internet',
        '         Who: 198.51.100.7 -> 10.0.0.5',
        '         Value: 120 records in 5 minutes, threshold 100, 4.8 kB in 120 packets',
        '         Seen: 2026-11-23 10:31:02 to 10:35:41 UTC',
        '         Top dstport: 22 (20), 3389 (18), 445 (12), +1 more',
        '         10:31:02 REJECT tcp 198.51.100.7:51515 -> 10.0.0.5:22 (ssh) 3 packets 120 B',
        '         10:31:03 REJECT tcp 198.51.100.7:51516 -> 10.0.0.5:3389 (ms-wbt-server) 1 packet 40 B',
      ].join('\n'),
    );
  });

  test('colours by severity, green when resolved', () => {
    const colours = picocolors.createColors(true);
    expect(renderTerminal(anAlert(), colours)).toContain('\u001b[31m');
    const resolved = renderTerminal(anAlert({ status: 'resolved' }), colours);
    expect(resolved).toContain('\u001b[32m');
    expect(resolved).not.toContain('\u001b[31m');
  });

  test('colours of a terminal without colour add nothing', () => {
    expect(renderTerminal(anAlert(), picocolors.createColors(false))).toBe(
      renderTerminal(anAlert(), PLAIN),
    );
  });

  test('a folded notification says so, another does not', () => {
    expect(renderTerminal(anAlert({ folded: true }), PLAIN)).toContain(' (folded)\n');
    expect(renderTerminal(anAlert(), PLAIN)).not.toContain('folded');
  });

  test('escape sequences from records do not reach it', () => {
    const group = { 'instance-tag': '\u001b[2J\u001b]0;owned\u0007' };
    const text = renderTerminal(anAlert({ group, message: 'a\u001b[31m\rb' }), PLAIN);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});
