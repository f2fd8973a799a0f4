import { beforeAll, expect, test } from '@jest/globals';
import { siteDocuments } from '../../bench/detections/site.ts';
import { DirectorySource } from '../../src/adapters/local/directory.ts';
import { compileConfig } from '../../src/config/compile.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { ATTACKS, type AttackName } from '../../src/generator/week/attacks.ts';
import { WEEK_FIELDS, type WeekFormat } from '../../src/generator/week/lines.ts';
import { HOUR, MONDAY } from '../../src/generator/week/time.ts';
import { weekBlocks } from '../../src/generator/week/week.ts';
import { linesOfText } from '../../src/map/1-decode/text.ts';
import { parseLayout } from '../../src/records/layout.ts';
import { ReplayEngine } from '../../src/replay/engine.ts';

const FORMATS: readonly WeekFormat[] = ['v2', 'v5'];

const snapshots = new Map<WeekFormat, Snapshot>();
beforeAll(async () => {
  const builtin = await new DirectorySource('rules').read();
  for (const format of FORMATS) {
    const site = await siteDocuments(format);
    const options = { builtin, formats: {}, builtinDefault: true };
    snapshots.set(format, compileConfig(site, options).snapshot);
  }
});

/** Rule and group of each alert over some hours of the week, with its attacks. */
function found(
  hours: readonly [number, number],
  format: WeekFormat,
  attacks: readonly AttackName[],
): string[] {
  const engine = new ReplayEngine(snapshots.get(format) as Snapshot);
  const [from, to] = hours.map((hour) => MONDAY + hour * HOUR);
  let block = 0;
  for (const lines of weekBlocks({ seed: 7, from, to, scale: 0.3, format, attacks })) {
    engine.feed({
      lines: linesOfText(Buffer.from(`${lines.join('\n')}\n`)),
      source: { kind: 'file', name: 'week.log' },
      layouts: [parseLayout(WEEK_FIELDS[format])],
      identity: `week ${block++}`,
    });
  }
  expect(engine.totals.malformed).toBe(0);
  return engine
    .finish()
    .filter(({ status }) => status === 'firing')
    .map(({ rule, group }) => `${rule.id} ${Object.values(group).join(' ')}`)
    .sort();
}

/** Monday evening and Wednesday afternoon, in hours of the week. */
const EVENING = [22, 23] as const;
const AFTERNOON = [62, 69] as const;

test.each(FORMATS)('guessed passwords raise their rules and nothing else does, in %s', (format) => {
  expect(found(EVENING, format, ['ssh-guessing'])).toEqual([
    'login-brute-force 28.66.7.20 10.20.0.40',
    'login-brute-force-slow 28.66.7.20 10.20.0.40',
    'remote-admin-from-internet 10.20.0.40 22',
  ]);
});

test('a sweep and a spike raise their rules and nothing else does', () => {
  const attacks = ['ssh-sweep', 'reject-spike'] as const;
  expect(attacks.every((name) => ATTACKS[name].at >= AFTERNOON[0] * HOUR)).toBe(true);
  expect(found(AFTERNOON, 'v5', attacks)).toEqual([
    'internal-sweep 10.20.20.12 22',
    'reject-spike 10.20.0.40',
  ]);
});

test.each(FORMATS)('a quiet half hour of the night raises nothing, in %s', (format) => {
  expect(found([26.5, 27], format, [])).toEqual([]);
});
