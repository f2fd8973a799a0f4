import { describe, expect, test } from '@jest/globals';
import { checkTree } from '../../src/config/check.ts';
import { ATTACK_NAMES, ATTACKS } from '../../src/generator/week/attacks.ts';
import { WEEK_FIELDS, type WeekFormat } from '../../src/generator/week/lines.ts';
import { DAY, HOUR, MONDAY } from '../../src/generator/week/time.ts';
import { type WeekOptions, weekBlocks } from '../../src/generator/week/week.ts';
import { linesOfText } from '../../src/map/1-decode/text.ts';
import { parseLayout } from '../../src/records/layout.ts';
import { ReplayEngine } from '../../src/replay/engine.ts';

const NOON = MONDAY + 1 * DAY + 12 * HOUR;
const lines = (options: Partial<WeekOptions> = {}): string[] =>
  [...weekBlocks({ seed: 1, from: NOON, to: NOON + HOUR, scale: 0.3, ...options })].flat();

type Record = Readonly<{ [field: string]: string }>;
const records = (options: Partial<WeekOptions> = {}): Record[] => {
  const names = WEEK_FIELDS[options.format ?? 'v5'].split(' ');
  return lines(options).map((line) => {
    const values = line.split(' ');
    return Object.fromEntries(names.map((name, index) => [name, values[index]]));
  });
};
const SHORT = { from: NOON, to: NOON + 600 };
const hour = records();
const flows = hour.filter((record) => record['log-status'] === 'OK');
const NATS = ['10.20.0.20', '10.20.0.21'];
/** Crawlers and uptime monitors, who come by night as well. */
const MACHINES = ['22.40.7.11', '26.90.14.8', '28.12.0.5', '29.12.0.5', '30.12.0.5'];
const isOutside = (address: string): boolean => /^(22|26|28|29|30|33)\./.test(address);

describe('a generated week', () => {
  test('is the same for the same seed and another for another', () => {
    expect(lines(SHORT)).toEqual(lines(SHORT));
    expect(lines(SHORT)).not.toEqual(lines({ ...SHORT, seed: 2 }));
  });

  test('gives for a part of it what the whole has in these hours', () => {
    const longer = lines({ from: NOON - HOUR, to: NOON + HOUR });
    const start = WEEK_FIELDS.v5.split(' ').indexOf('start');
    const part = longer.filter((line) => {
      const time = Number(line.split(' ')[start]);
      return time >= NOON && time < NOON + 600;
    });
    expect(part).toEqual(lines(SHORT));
  });

  test('is in order of start and stays within its time', () => {
    const starts = hour.map(({ start }) => Number(start));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts[0]).toBeGreaterThanOrEqual(NOON);
    expect(starts.at(-1)).toBeLessThan(NOON + HOUR);
  });

  test.each<WeekFormat>(['v2', 'v5'])('has no line that the parser refuses, in %s', (format) => {
    const night = {
      from: MONDAY + 6 * DAY + 2 * HOUR,
      to: MONDAY + 6 * DAY + 2 * HOUR + 600,
      format,
    };
    const text = [...lines({ ...SHORT, format }), ...lines(night)];
    const engine = new ReplayEngine(checkTree([]).snapshot);
    engine.feed({
      lines: linesOfText(Buffer.from(`${text.join('\n')}\n`)),
      source: { kind: 'file', name: 'week.log' },
      layouts: [parseLayout(WEEK_FIELDS[format])],
      identity: 'week',
    });
    const { malformed, records: read, noData, skipData } = engine.totals;
    expect(malformed).toBe(0);
    expect(read + noData + skipData).toBe(text.length);
    expect(noData).toBeGreaterThan(0);
  });

  test('tells the two formats apart in fields alone', () => {
    const [short, long] = [lines({ ...SHORT, format: 'v2' }), lines({ ...SHORT, format: 'v5' })];
    const common = WEEK_FIELDS.v2.split(' ').length;
    const cut = long.map((line) => line.split(' ').slice(1, common).join(' '));
    expect(short.map((line) => line.split(' ').slice(1).join(' '))).toEqual(cut);
  });

  test('has more visitors by day than by night, and fewer at the weekend', () => {
    const visits = (day: number, hours: number): number => {
      const from = MONDAY + day * DAY + hours * HOUR;
      return records({ from, to: from + 1_800 }).filter(
        ({ srcaddr, dstport }) =>
          isOutside(srcaddr) && dstport === '443' && !MACHINES.includes(srcaddr),
      ).length;
    };
    const noon = visits(2, 12);
    expect(visits(2, 4)).toBeLessThan(noon / 3);
    expect(visits(6, 12)).toBeLessThan(noon * 0.8);
    expect(visits(6, 12)).toBeGreaterThan(noon * 0.4);
  });

  test('brings each public address about thirty to sixty knocks an hour', () => {
    const knocked = new Map<string, number>();
    for (const { srcaddr, srcport, dstaddr, action } of flows) {
      const dropped = NATS.includes(dstaddr) && Number(srcport) > 1_024;
      if (!isOutside(srcaddr) || !(action === 'REJECT' || dropped)) continue;
      knocked.set(dstaddr, (knocked.get(dstaddr) ?? 0) + 1);
    }
    expect(knocked.size).toBe(6);
    for (const count of knocked.values()) {
      expect(count).toBeGreaterThan(15);
      expect(count).toBeLessThan(150);
    }
  });

  test('logs what NAT gateways drop as accepted and unanswered, as AWS does', () => {
    const knocks = flows.filter(
      ({ srcaddr, dstaddr }) => isOutside(srcaddr) && NATS.includes(dstaddr),
    );
    const unasked = knocks.filter(({ srcport }) => Number(srcport) > 1_024);
    expect(unasked.length).toBeGreaterThan(30);
    expect(unasked.every(({ action }) => action === 'ACCEPT')).toBe(true);
  });

  test('shows a question through a NAT gateway at the host and twice at the gateway', () => {
    const asked = flows.filter((record) => record['pkt-dstaddr'] === '25.60.0.10');
    const host = asked.filter(
      ({ srcaddr, dstaddr }) => dstaddr === '25.60.0.10' && !NATS.includes(srcaddr),
    );
    const inward = asked.filter(({ dstaddr }) => NATS.includes(dstaddr));
    const outward = asked.filter(({ srcaddr }) => NATS.includes(srcaddr));
    expect(host.length).toBe(3 * 60);
    expect(inward.length).toBe(host.length);
    expect(outward.length).toBe(host.length);
    expect(inward.every((record) => record['pkt-srcaddr'] === record.srcaddr)).toBe(true);
  });

  test('adds up over ten minutes at the interfaces of older hosts', () => {
    const office = records(SHORT).filter(({ srcaddr }) => /^10\.20\.50\./.test(srcaddr));
    const atDesktops = office.filter(
      ({ srcaddr, dstport }) => dstport === '445' && srcaddr !== '10.20.50.10',
    );
    const keys = atDesktops.map(
      ({ srcaddr, srcport, ...record }) => `${record['interface-id']} ${srcaddr} ${srcport}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(atDesktops.some(({ start, end }) => Number(end) - Number(start) > 500)).toBe(true);
  });

  test('replaces the web servers when a new version is rolled out', () => {
    const webs = (from: number): Set<string> =>
      new Set(
        records({ from, to: from + 600 })
          .map(({ dstaddr }) => dstaddr)
          .filter((address) => /^10\.20\.10\d\./.test(address)),
      );
    const [before, after] = [webs(MONDAY + DAY + 9 * HOUR), webs(MONDAY + DAY + 11 * HOUR)];
    expect([...before].some((address) => after.has(address))).toBe(false);
  });

  test('refuses times within ten minutes', () => {
    expect(() => lines({ from: NOON + 60 })).toThrow(RangeError);
  });
});

describe('attacks', () => {
  test('change nothing outside of their times', () => {
    // Monday at noon, Tuesday before the scan, Sunday after the last one.
    for (const hours of [12, 30, 150]) {
      const from = MONDAY + hours * HOUR;
      const span = { from, to: from + 600 };
      expect(lines({ ...span, attacks: ATTACK_NAMES })).toEqual(lines(span));
    }
  });

  test.each(ATTACK_NAMES.filter((name) => name !== 'feed-silent'))(
    '%s adds records and leaves the ordinary ones',
    (name) => {
      const from = Math.floor((MONDAY + ATTACKS[name].at) / 600) * 600;
      const span = { from, to: from + 600 };
      const attacked = new Set(lines({ ...span, attacks: [name] }));
      const ordinary = lines(span);
      expect(attacked.size).toBeGreaterThan(ordinary.length);
      const kept = ordinary.filter((line) => attacked.has(line)).length;
      // At interfaces that add up over ten minutes a record may have grown.
      expect(kept).toBeGreaterThan(ordinary.length * 0.97);
    },
  );

  test('the feed that falls silent takes the partners’ records and no others', () => {
    const from = MONDAY + ATTACKS['feed-silent'].at;
    const span = { from, to: from + 1_200 };
    const partner = ({ srcaddr, dstaddr }: Record): boolean =>
      /^172\./.test(srcaddr) || /^172\./.test(dstaddr);
    const [usual, silent] = [records(span), records({ ...span, attacks: ['feed-silent'] })];
    expect(usual.some(partner)).toBe(true);
    expect(silent).toEqual(usual.filter((record) => !partner(record)));
  });
});
