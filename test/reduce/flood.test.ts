import { beforeAll, describe, expect, test } from '@jest/globals';
import { type FloodFigures, runFlood } from '../../bench/flood/flood.ts';
import { DEFAULT_ENGINE_SETTINGS } from '../../src/config/snapshot.ts';

const SOURCES = 30_000;
const RULES = 20;
const STORM = 20;
/** Ten minutes are two storms, three where they are not aligned. */
const STORMS = 3;

describe('a flood against twenty rules of every kind', () => {
  let figures: FloodFigures;

  beforeAll(() => {
    figures = runFlood(SOURCES, 1_000);
  }, 120_000);

  test('keeps the groups of all rules together within the bound', () => {
    expect(figures.mostGroups).toBeGreaterThan(0);
    expect(figures.mostGroups).toBeLessThanOrEqual(DEFAULT_ENGINE_SETTINGS.maxMemory);
  });

  test('counts what it does not keep', () => {
    expect(figures.dropped).toBeGreaterThan(SOURCES);
  });

  test('makes digests that fit an item, and a checkpoint of a few megabytes', () => {
    expect(figures.mostDigest).toBeLessThan(350 * 1024);
    expect(figures.checkpoint).toBeLessThan(4_000_000);
  });

  test('sends no more than the storm limit allows', () => {
    expect(figures.notified).toBeGreaterThan(0);
    expect(figures.notified).toBeLessThanOrEqual(RULES * STORM * STORMS);
  });

  test('hides neither the address that makes a hundredth of it nor the one that scans', () => {
    expect([...figures.heavy]).toEqual(
      expect.arrayContaining(['count-1-0', 'count-2-0', 'sum-3-0']),
    );
    expect([...figures.scanner]).toEqual(expect.arrayContaining(['distinct-4-0', 'distinct-4-1']));
  });
});
